import { journalReader } from '../aws/journal';
import { recordReader } from '../aws/record';
import { type Report, reportOf, serviceOf } from '../domain/report';
import type { Environment } from '../domain/step/port';

/** What a deployment did and what stands now; undefined where the journal has nothing of it. */
export async function reportOn(workflow: Environment, deployment: string): Promise<Report | undefined> {
  const rows = await journalReader.open(workflow).rows(deployment);
  if (rows.length === 0) return undefined;
  const service = serviceOf(rows);
  const now = service === undefined ? undefined : await recordReader.open(workflow).read(service);
  return reportOf(deployment, rows, now ?? null);
}
