import { isDeepStrictEqual } from 'node:util';
import { executionInputs, executionStarter } from '../aws/executions';
import { redacted, redaction } from '../domain/privacy/redaction';
import type { DeploymentRequest } from '../domain/request/request';
import type { Environment } from '../domain/step/port';
import { Refused } from './said';

/** As Step Functions keeps an input: without members that are undefined. */
const kept = (input: object): unknown => JSON.parse(JSON.stringify(input));

/**
 * Starts a deployment; asked again for the same by the same name, it is the one that there is. Resolves with its execution.
 * @throws Refused where one of that name was asked for something else
 */
export async function startDeployment(
  workflow: Environment,
  name: string,
  request: DeploymentRequest,
): Promise<{ execution: string }> {
  const starter = executionStarter.open(workflow);
  const execution = starter.arnOf(name);
  await starter.start(name, request);
  // undefined: Step Functions tells late of what it has just begun
  const stands = await executionInputs.open(workflow).of(execution);
  const wanted = kept(redacted(request, redaction(workflow.redact)));
  if (stands !== undefined && !isDeepStrictEqual(stands, wanted))
    throw new Refused(
      `there is a deployment ${name} already, and it was asked for something else or by somebody else; choose another name`,
    );
  return { execution };
}
