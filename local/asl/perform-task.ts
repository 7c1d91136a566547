/** One attempt of a Task state, as it leaves the interpreter. */
export interface TaskRequest {
  /** The state's Resource, unchanged: a Lambda function's ARN or `arn:aws:states:::service:action[.pattern]`. */
  resource: string;
  /** The evaluated Parameters or Arguments; the state's input when it has none. Not to be changed. */
  argument: unknown;
  /** Set for `.waitForTaskToken`: the task ends with an answer that names it, whatever the request returns. */
  taskToken?: string;
  /** Aborted when the attempt timed out or its execution ended. */
  signal: AbortSignal;
  state: string;
}

/**
 * Performs a task and gives its result exactly as the state is to see it: for a Lambda ARN the function's return
 * value, for an integration the integration's answer (`lambda:invoke`: `{ExecutedVersion, Payload, StatusCode}`).
 * Rejects with a StatesError for a task failure; any other error fails the execution with States.Runtime.
 */
export type PerformTask = (request: TaskRequest) => Promise<unknown>;
