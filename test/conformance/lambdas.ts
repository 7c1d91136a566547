import { randomUUID } from 'node:crypto';
import { type PerformTask, StatesError } from '../../local/asl';
import type { Clock } from '../../local/clock';
import type { RecordedLambda, Recording } from './recording';

/** Performs the tasks of a recording: its Lambda functions, by ARN or through `lambda:invoke`. */
export function recordedTasks({ lambdas = {} }: Recording, clock: Clock): PerformTask {
  const invoke = (nameOrArn: string, event: unknown, signal: AbortSignal) => {
    const lambda = lambdas[functionName(nameOrArn)];
    if (!lambda)
      throw new StatesError('Lambda.ResourceNotFoundException', `function not found: ${nameOrArn}`);
    return runLambda(lambda, event, clock, signal);
  };
  return async ({ resource, argument, signal }) => {
    if (!resource.startsWith('arn:aws:states:::lambda:invoke')) return invoke(resource, argument, signal);
    const { FunctionName, Payload } = argument as { FunctionName: string; Payload?: unknown };
    const result = await invoke(FunctionName, payloadEvent(Payload), signal);
    return { ExecutedVersion: '$LATEST', Payload: result, StatusCode: 200 };
  };
}

const functionName = (nameOrArn: string) =>
  /function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn.split(':')[0]!;

function payloadEvent(payload: unknown): unknown {
  if (payload === undefined || payload === null) return {};
  if (typeof payload !== 'string') return payload;
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

async function runLambda(lambda: RecordedLambda, event: unknown, clock: Clock, signal: AbortSignal) {
  switch (lambda.kind) {
    case 'identity':
      return event;
    case 'return':
      return lambda.value;
    case 'repeat':
      return lambda.char.repeat(lambda.count);
    case 'sleep':
      await clock.sleep(lambda.seconds * 1000, signal);
      return event;
    case 'throw': {
      const { errorType, errorMessage } = lambda;
      const cause = { errorMessage, errorType, requestId: randomUUID(), stackTrace: [] };
      throw new StatesError(errorType, JSON.stringify(cause));
    }
  }
}
