import { executionLister } from '../aws/executions';
import { journalReader } from '../aws/journal';
import { type Past, pastOf } from '../domain/report/history';
import type { Environment } from '../domain/step/port';

/** The newest deployments that began after a time, of one service or of all. */
export async function pastsOf(
  workflow: Environment,
  wanted: { service: string | undefined; since: Date; limit: number },
): Promise<Past[]> {
  const journal = journalReader.open(workflow);
  const found: Past[] = [];
  for await (const { name, startedAt, status } of executionLister.open(workflow).newest()) {
    if (found.length === wanted.limit || Date.parse(startedAt) < wanted.since.getTime()) break;
    // what resumes a deployment writes into the journal of that one, and has none of its own
    const rows = await journal.rows(name);
    if (rows.length === 0) continue;
    const past = pastOf(name, rows, status);
    if (wanted.service === undefined || past.service === wanted.service) found.push(past);
  }
  return found;
}
