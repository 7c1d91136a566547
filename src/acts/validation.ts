import { executionLister } from '../aws/executions';
import { journalReader } from '../aws/journal';
import {
  comparable,
  runIn,
  type ValidationReport,
  type ValidationRun,
  validationOf,
} from '../domain/report/validation';
import type { Environment } from '../domain/step/port';

/** So many executions are looked at for an earlier run. */
const LOOKED_AT = 200;

async function earlier(workflow: Environment, later: ValidationRun): Promise<ValidationRun | undefined> {
  const journal = journalReader.open(workflow);
  let looked = 0;
  for await (const { name } of executionLister.open(workflow).newest()) {
    if (name === later.run) continue;
    if (++looked > LOOKED_AT) return undefined;
    const run = runIn(name, await journal.rows(name));
    if (run && comparable(run, later)) return run;
  }
  return undefined;
}

/** What a run found, against the newest earlier one of its service; undefined where it has looked at no database. */
export async function validationOn(
  workflow: Environment,
  run: string,
): Promise<ValidationReport | undefined> {
  const now = runIn(run, await journalReader.open(workflow).rows(run));
  return now && validationOf(now, await earlier(workflow, now));
}
