import { executionReader, executionStarter } from '../aws/executions';
import { rollbackName } from '../domain/recovery/reconcile';
import type { Resume } from '../domain/request/resume';
import type { Environment } from '../domain/step/port';
import type { Said } from './said';

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

/** Starts the rollback of a deployment, whose execution it stops itself. Resolves with the execution that it is. */
export async function startRollback(
  workflow: Environment,
  { deployment, by, reason }: Said,
): Promise<{ execution: string }> {
  const starter = executionStarter.open(workflow);
  const name = await untried(deployment, starter, executionReader.open(workflow));
  const request: Resume = { resume: 'rollback', deploymentId: deployment, requestedBy: by, reason };
  await starter.start(name, request);
  return { execution: starter.arnOf(name) };
}
