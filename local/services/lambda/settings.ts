import { destinationKind } from './destination-kind';

/** What happens with events that a function gets asynchronously (Lambda guide, "Asynchronous invocation"). */
export interface AsynchronousSettings {
  retries: number;
  maximumAgeMs: number;
  onSuccess?: string;
  onFailure?: string;
}

export const DEFAULT_SETTINGS: AsynchronousSettings = { retries: 2, maximumAgeMs: 6 * 3_600_000 };

/** The properties of AWS::Lambda::EventInvokeConfig. */
export interface EventInvokeConfig {
  MaximumRetryAttempts?: number | string;
  MaximumEventAgeInSeconds?: number | string;
  DestinationConfig?: { OnSuccess?: { Destination?: string }; OnFailure?: { Destination?: string } };
}

/** Throws an Error for a destination that has no local part. */
export function settingsOf(config: EventInvokeConfig): AsynchronousSettings {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig = {} } = config;
  const onSuccess = DestinationConfig.OnSuccess?.Destination;
  const onFailure = DestinationConfig.OnFailure?.Destination;
  for (const destination of [onSuccess, onFailure]) if (destination) destinationKind(destination);
  return {
    retries: Number(MaximumRetryAttempts ?? DEFAULT_SETTINGS.retries),
    maximumAgeMs:
      MaximumEventAgeInSeconds === undefined
        ? DEFAULT_SETTINGS.maximumAgeMs
        : Number(MaximumEventAgeInSeconds) * 1_000,
    onSuccess,
    onFailure,
  };
}
