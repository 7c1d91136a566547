/** What every Task of the graph has in common, written once. */

interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds: number;
  BackoffRate: number;
  MaxDelaySeconds: number;
  MaxAttempts: number;
  JitterStrategy: 'FULL' | 'NONE';
}

const retrier = (
  ErrorEquals: string[],
  IntervalSeconds: number,
  MaxDelaySeconds: number,
  MaxAttempts: number,
): Retrier => ({
  ErrorEquals,
  IntervalSeconds,
  BackoffRate: 2,
  MaxDelaySeconds,
  MaxAttempts,
  JitterStrategy: 'FULL',
});

/** Faults that pass by themselves. A step states the result it wants, so it may be asked again after any of them. */
const passing = retrier(
  // the process died, or was late
  ['TransientFault', 'Lambda.Unknown', 'Sandbox.Timedout', 'Runtime.ExitError'],
  2,
  20,
  4,
);

/**
 * Lambda could not call the function, and will be able to: a function in a VPC that nobody has called for weeks is waiting
 * for its network interface, which takes up to 90 s. Without jitter, so that the attempts last two minutes for certain.
 * Sources: Step Functions Developer Guide, "Handle transient Lambda service exceptions"; Lambda API Reference, Invoke;
 * Lambda Developer Guide, "Lambda function states".
 */
const waking: Retrier = {
  ...retrier(
    [
      'ServiceException',
      'AWSLambdaException',
      'SdkClientException',
      'ClientExecutionTimeoutException',
      'TooManyRequestsException',
      'ResourceNotReadyException',
      'ResourceConflictException',
      'ENINotReadyException',
      'ENILimitReachedException',
      'SubnetIPAddressLimitReachedException',
      'CodeArtifactUserPendingException',
      'CodeArtifactUserDeletedException',
      'EC2ThrottledException',
      'EC2UnexpectedException',
    ].map((error) => `Lambda.${error}`),
    2,
    30,
    8,
  ),
  JitterStrategy: 'NONE',
};

/** The account asks AWS too often: whole deployments may have to take turns. */
const throttled = retrier(['Throttled'], 5, 180, 20);

/** Users wait for these steps, or the lock does: they give up no sooner than a person could do better. */
const patient = retrier(['States.ALL'], 5, 60, 8);

export const retries = {
  Usual: [passing, waking, throttled],
  Patient: [passing, waking, throttled, patient],
} as const;
export type RetryName = keyof typeof retries;

/** Longer than a function may take, so that its own time-out is what is seen. */
export const TASK_TIMEOUT_SECONDS = 90;

/**
 * What a step is given beside its own input.
 * @param locked whether the lock is known where the Task stands
 */
export const envelope = (input: unknown, locked: boolean) => ({
  deploymentId: locked ? '{% $deploymentId %}' : '{% $states.context.Execution.Name %}',
  execution: '{% $states.context.Execution.Id %}',
  now: '{% $states.context.State.EnteredTime %}',
  ...(locked ? { lock: '{% $lock %}' } : {}),
  input,
});

/** These leave a Task that waits for people as an answer does: what was recorded counts. */
export const UNANSWERED = ['States.Timeout', 'AlreadyAnswered'];

/**
 * What `$error` stands for: the cause as a phase's own end says it, or an unexpected error with its name.
 * @param ends names of the errors that are the phase's own ends
 */
export const errorText = (ends: readonly string[]): string => {
  const named = "$states.errorOutput.Error & ' ' & $states.errorOutput.Cause";
  const own = ends.map((end) => `'${end}'`).join(', ');
  return ends.length === 0
    ? `(${named})`
    : `($states.errorOutput.Error in [${own}] ? $states.errorOutput.Cause : ${named})`;
};
