/**
 * What every Task of the graph has in common, written once. The names of passing errors are Lambda's own
 * (Step Functions guide, "Handle transient Lambda service exceptions") and those of `src/domain/step/errors.ts`.
 */

interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds: number;
  BackoffRate: number;
  MaxDelaySeconds: number;
  MaxAttempts: number;
  JitterStrategy: 'FULL';
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
  [
    'TransientFault',
    'Lambda.ServiceException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    // the process died, or was late
    'Lambda.Unknown',
    'Sandbox.Timedout',
    'Runtime.ExitError',
  ],
  2,
  20,
  4,
);

/** The account asks AWS too often: whole deployments may have to take turns. */
const throttled = retrier(['Throttled'], 5, 180, 20);

/** Users wait for these steps, or the lock does: they give up no sooner than a person could do better. */
const patient = retrier(['States.ALL'], 5, 60, 8);

export const retries = {
  Usual: [passing, throttled],
  Patient: [passing, throttled, patient],
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
