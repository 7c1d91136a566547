import { journalReader } from '../aws/journal';
import { recordReader } from '../aws/record';
import { findWorkflow } from '../aws/workflow';
import { reportOf, serviceOf } from '../domain/report';
import { reportText } from '../domain/report/text';
import { print } from './print';
import { deploymentNamed } from './said';

interface ReportOptions {
  deployment: string;
  workflow: string;
  json?: true;
}

export async function report({ deployment: named, workflow: stack, json }: ReportOptions): Promise<number> {
  const deployment = deploymentNamed(named);
  const workflow = await findWorkflow(stack);
  const rows = await journalReader.open(workflow).rows(deployment);
  if (rows.length === 0)
    throw new Error(
      `the journal of ${stack} (${workflow.table}) has nothing of ${JSON.stringify(deployment)}; the name of a deployment is that of its execution`,
    );
  const service = serviceOf(rows);
  const now = service === undefined ? undefined : await recordReader.open(workflow).read(service);
  const told = reportOf(deployment, rows, now ?? null);
  print(json ? JSON.stringify(told, null, 2) : reportText(told));
  return 0;
}
