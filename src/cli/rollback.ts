import { executionReader, executionStarter } from '../aws/executions';
import { journalReader } from '../aws/journal';
import { findWorkflow } from '../aws/workflow';
import { rollbackName } from '../domain/recovery/reconcile';
import type { Resume } from '../domain/request/resume';
import { follow, newsText } from './follow';
import { print, remark } from './print';
import { type SayOptions, saidBy } from './said';

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
  const end = await follow(workflow, { deployment, execution, told }, (news) => remark(newsText(news)));
  if (options.json) print(JSON.stringify(end));
  else print(`${end.outcome}: ${end.cause}`);
  return end.outcome === 'RolledBack' ? 0 : 1;
}
