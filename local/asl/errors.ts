/**
 * A failure in the words of the States Language: an error name that Retry and Catch match, and a cause.
 * The empty name belongs to a Fail state that gives none.
 */
export class StatesError extends Error {
  override readonly name: string = 'StatesError';
  constructor(
    readonly error: string,
    readonly causeText?: string,
  ) {
    super(causeText ?? error);
  }
}

/** A failure that the interpreter itself found in a state; its cause is prefixed with the state where it is recorded. */
export class StateFault extends StatesError {
  constructor(
    error: string,
    readonly reason: string,
    /** The field that was evaluated, for the EvaluationFailed event. */
    readonly location?: string,
  ) {
    super(error, reason);
  }

  /** The same failure with AWS's wording of where it happened. */
  locate(state: string, enteredEventId: number): StatesError {
    const where = `An error occurred while executing the state '${state}' (entered at the event id #${enteredEventId}).`;
    return new StatesError(this.error, `${where} ${this.reason}`);
  }
}

export const runtimeFault = (reason: string) => new StateFault('States.Runtime', reason);

export const queryFault = (reason: string, location?: string) =>
  new StateFault('States.QueryEvaluationError', reason, location);

export const intrinsicFault = (reason: string) => new StateFault('States.IntrinsicFailure', reason);

/**
 * Whether the ErrorEquals of a retrier or catcher names the error. States.Runtime is never matched, not even by its
 * own name; States.TaskFailed stands for everything but States.Timeout; States.Timeout also covers a missed heartbeat.
 */
export function matchesError(errorEquals: readonly string[], error: string): boolean {
  if (error === 'States.Runtime') return false;
  return errorEquals.some(
    (name) =>
      name === error ||
      name === 'States.ALL' ||
      (name === 'States.TaskFailed' && error !== 'States.Timeout') ||
      (name === 'States.Timeout' && error === 'States.HeartbeatTimeout'),
  );
}

/** `{Error, Cause}` as a catcher passes it on. */
export function errorOutput(failure: StatesError): { Error?: string; Cause: string } {
  const cause = { Cause: failure.causeText ?? '' };
  return failure.error === '' ? cause : { Error: failure.error, ...cause };
}

/** What ends work in flight that did not fail itself: a stop, a time-out, a failed sibling. Never retried or caught. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}
