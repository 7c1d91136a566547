import type { StatesError } from './errors';
import type { Frame } from './frame';
import { whole } from './history';

/** Records the events of one task attempt. */
export interface TaskEvents {
  scheduled(argument: string, timeoutSeconds?: number, heartbeatSeconds?: number): void;
  submitted(output: string): void;
  succeeded(output: string): void;
  failed(failure: StatesError): void;
}

const isTimeout = (failure: StatesError) =>
  failure.error === 'States.Timeout' || failure.error === 'States.HeartbeatTimeout';

/** A Lambda function's ARN as Resource has its own events, in AWS as here. */
export const isLambdaArn = (resource: string) => /^arn:[^:]+:lambda:/.test(resource);

export function taskEvents(frame: Frame, resource: string): TaskEvents {
  return isLambdaArn(resource) ? lambdaEvents(frame, resource) : integrationEvents(frame, resource);
}

function lambdaEvents({ scope: { history, thread } }: Frame, resource: string): TaskEvents {
  return {
    scheduled(input, timeoutInSeconds) {
      const details = { input, inputDetails: whole, resource, timeoutInSeconds };
      history.record('LambdaFunctionScheduled', thread, { lambdaFunctionScheduledEventDetails: details });
      history.record('LambdaFunctionStarted', thread);
    },
    submitted() {},
    succeeded(output) {
      const details = { output, outputDetails: whole };
      history.record('LambdaFunctionSucceeded', thread, { lambdaFunctionSucceededEventDetails: details });
    },
    failed(failure) {
      const end = isTimeout(failure) ? 'TimedOut' : 'Failed';
      const details = { error: failure.error, cause: failure.causeText };
      history.record(`LambdaFunction${end}`, thread, { [`lambdaFunction${end}EventDetails`]: details });
    },
  };
}

/** `arn:aws:states:::aws-sdk:dynamodb:putItem` is resource `putItem` of resource type `aws-sdk:dynamodb`. */
function integrationEvents({ scope: { history, thread, services } }: Frame, arn: string): TaskEvents {
  const service = arn.split(':').slice(5);
  const type = { resourceType: service.slice(0, -1).join(':'), resource: service.at(-1) };
  const record = (event: string, details: Record<string, unknown>) =>
    history.record(`Task${event}`, thread, { [`task${event}EventDetails`]: { ...type, ...details } });
  return {
    scheduled(parameters, timeoutInSeconds, heartbeatInSeconds) {
      record('Scheduled', { region: services.region, parameters, timeoutInSeconds, heartbeatInSeconds });
      record('Started', {});
    },
    submitted: (output) => record('Submitted', { output, outputDetails: whole }),
    succeeded: (output) => record('Succeeded', { output, outputDetails: whole }),
    failed: (failure) =>
      record(isTimeout(failure) ? 'TimedOut' : 'Failed', { error: failure.error, cause: failure.causeText }),
  };
}
