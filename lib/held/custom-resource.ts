import { redaction } from '../../src/domain/privacy/redaction';
import { type LambdaContext, logged, plain } from '../../src/runtime/log';

/** What CloudFormation sends a custom resource. Source: AWS CloudFormation User Guide, custom resource requests. */
export interface Event<Properties> {
  RequestType: 'Create' | 'Update' | 'Delete';
  ResponseURL: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
  PhysicalResourceId?: string;
  ResourceProperties: Properties;
  OldResourceProperties?: Properties;
}

/** CloudFormation waits for the answer at a URL it gives; without one a stack hangs for an hour. */
async function answer<Properties>(
  event: Event<Properties>,
  hold: (event: Event<Properties>) => Promise<string>,
): Promise<{ Status: 'SUCCESS' | 'FAILED'; Reason?: string }> {
  let answer: { Status: 'SUCCESS' | 'FAILED'; Reason?: string; PhysicalResourceId: string };
  try {
    answer = { Status: 'SUCCESS', PhysicalResourceId: await hold(event) };
  } catch (error) {
    const { name, message } = error as Error;
    const PhysicalResourceId = event.PhysicalResourceId ?? event.LogicalResourceId;
    answer = { Status: 'FAILED', Reason: redaction([])(`${name}: ${message}`), PhysicalResourceId };
  }
  const { StackId, RequestId, LogicalResourceId } = event;
  await fetch(event.ResponseURL, {
    method: 'PUT',
    body: JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId }),
  });
  return answer;
}

/**
 * The handler of a resource that is made once and then belongs to the workflow.
 * @param hold does what CloudFormation asks for, and resolves with the resource's physical id
 */
export const holder =
  <Properties>(step: string, hold: (event: Event<Properties>) => Promise<string>) =>
  (event: Event<Properties>, context: LambdaContext) =>
    logged(
      { worker: { step, phase: 'background' }, context, redact: redaction([]) },
      () => answer(event, hold),
      // not the URL, which is signed
      (answer) => [{ decision: { request: event.RequestType, ...plain(answer) } }],
    );
