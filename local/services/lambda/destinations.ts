import type { CloudEvent, Invocation } from '../../service';
import { destinationKind } from './destination-kind';
import type { LambdaFunction } from './function';

/** Where the ends of asynchronous invocations can be sent. */
export interface Destinations {
  publish(topicArn: string, message: string): void;
  /** To the default event bus. */
  emit(event: CloudEvent): void;
  invoke(functionArn: string, event: unknown): Promise<unknown>;
  /** To a queue, by a function's role. @throws Error when it may not */
  send(queueArn: string, roleArn: string, letter: { body: string; attributes: Record<string, string> }): void;
}

export interface Outcome {
  requestId: string;
  /** Cloud time at which it was over. */
  at: number;
  fn: LambdaFunction;
  event: unknown;
  /** How often the function was tried. */
  count: number;
  condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
  /** Of the last attempt; absent when Lambda itself refused each. */
  response?: Invocation;
}

/** Lambda guide, "Example invocation record". */
function record({ requestId, at, fn, event, count, condition, response }: Outcome) {
  return {
    version: '1.0',
    timestamp: new Date(at).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${fn.arn}:$LATEST`,
      condition,
      approximateInvokeCount: count,
    },
    requestPayload: event,
    ...(response && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...('error' in response && { functionError: 'Unhandled' }),
      },
      responsePayload: 'error' in response ? response.error : response.payload,
    }),
  };
}

/** Tells a destination how an asynchronous invocation ended. */
export async function send(destinations: Destinations, to: string, outcome: Outcome): Promise<void> {
  const told = record(outcome);
  const kind = destinationKind(to);
  if (kind === 'topic') destinations.publish(to, JSON.stringify(told));
  else if (kind === 'function') await destinations.invoke(to, told);
  else {
    const result = outcome.condition === 'Success' ? 'Success' : 'Failure';
    destinations.emit({
      source: 'lambda',
      detailType: `Lambda Function Invocation Result - ${result}`,
      detail: told,
      resources: [told.requestContext.functionArn, to],
    });
  }
}

/** AWS Lambda Developer Guide, "Adding a dead-letter queue": so much of the error goes with the event. */
const LONGEST_ERROR = 1_024;

/** Puts an event that failed for good where its function wants it; what cannot be put there is gone. */
export function bury(destinations: Destinations, { fn, event, requestId, response }: Outcome): void {
  const { deadLetters, role } = fn;
  if (!deadLetters) return;
  const body = JSON.stringify(event);
  if (deadLetters.split(':')[2] === 'sns') {
    destinations.publish(deadLetters, body);
    return;
  }
  const failure = response && 'error' in response ? response.error.errorMessage : '';
  const attributes = {
    RequestID: requestId,
    ErrorCode: '200',
    ErrorMessage: String(failure).slice(0, LONGEST_ERROR),
  };
  try {
    destinations.send(deadLetters, role, { body, attributes });
  } catch {
    // Lambda deletes the event, and counts it as a DeadLetterErrors
  }
}
