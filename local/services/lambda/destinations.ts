import type { CloudEvent, Invocation } from '../../service';
import { destinationKind } from './destination-kind';
import type { LambdaFunction } from './function';

/** Where the ends of asynchronous invocations can be sent. */
export interface Destinations {
  publish(topicArn: string, message: string): void;
  /** To the default event bus. */
  emit(event: CloudEvent): void;
  invoke(functionArn: string, event: unknown): Promise<unknown>;
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
