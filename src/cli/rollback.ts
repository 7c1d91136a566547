import { executionReader, executionStarter } from '../aws/executions';
import { journalReader } from '../aws/journal';
import { findWorkflow } from '../aws/workflow';
import { rollbackName } from '../domain/recovery/reconcile';
import type { Resume } from '../domain/request/resume';
import { type SayOptions, saidBy } from './said';
import { exitCodeOf, watched } from './watched';

/** The first rollback of the deployment that has not been tried. */
async function untried(
  deployment: string,
  starter: ReturnType<typeof executionStarter.open>,
  reader: ReturnType<typeof executionReader.open>,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const name = rollbackName(deployment, attempt);
    if ((await reader.state(starter.arnOf(name))) === 'unknown') return name;
  }
}

export async function rollback(options: SayOptions): Promise<number> {
  const { deployment, by, reason } = saidBy(options);
  const workflow = await findWorkflow(options.workflow);
  const starter = executionStarter.open(workflow);
  const name = await untried(deployment, starter, executionReader.open(workflow));
  const request: Resume = { resume: 'rollback', deploymentId: deployment, requestedBy: by, reason };
  const told = (await journalReader.open(workflow).rows(deployment)).length;
  await starter.start(name, request);
  const execution = starter.arnOf(name);
  const { workflow: stack, json } = options;
  const end = await watched(workflow, { deployment, execution, stack, json, told, back: true });
  return exitCodeOf(end, 'RolledBack');
}
