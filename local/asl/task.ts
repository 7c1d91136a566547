import { randomUUID } from 'node:crypto';
import { queryFault, runtimeFault, StatesError } from './errors';
import type { Frame } from './frame';
import { stateArgument } from './input';
import { checkSize, json } from './size';
import { TaskAttempt } from './task-attempt';
import { isLambdaArn, type TaskEvents, taskEvents } from './task-events';

const CALLBACK = '.waitForTaskToken';

/** Runs a Task state once and gives the raw result. */
export async function runTask(frame: Frame, effectiveInput: unknown): Promise<unknown> {
  const resource = frame.state.Resource!;
  // A new token for each attempt: an answer to an earlier one must not complete this one.
  frame.token = resource.endsWith(CALLBACK) ? randomUUID() : undefined;
  const argument = await stateArgument(frame, effectiveInput);
  const text = json(argument);
  checkSize(text, frame.name);
  const timeout = await seconds(frame, 'TimeoutSeconds', effectiveInput);
  const heartbeat = await seconds(frame, 'HeartbeatSeconds', effectiveInput);
  const events = taskEvents(frame, resource);
  events.scheduled(text, timeout, heartbeat);

  const attempt = new TaskAttempt(frame.scope.services.clock, frame.scope.signal);
  if (timeout !== undefined) attempt.limit(timeout, { forAnswer: frame.token !== undefined });
  if (heartbeat !== undefined) attempt.expectHeartbeat(heartbeat);
  try {
    const result = await perform(frame, attempt, argument, events);
    return accept(
      result,
      isLambdaArn(resource) ? resource : resource.split(':').slice(5, -1).join(':'),
      events,
    );
  } catch (error) {
    if (error instanceof StatesError) events.failed(error);
    throw error;
  }
}

async function perform(frame: Frame, attempt: TaskAttempt, argument: unknown, events: TaskEvents) {
  const { services } = frame.scope;
  const taskToken = frame.token;
  if (taskToken !== undefined) services.tokens.set(taskToken, attempt);
  const request = {
    resource: frame.state.Resource!,
    argument,
    taskToken,
    signal: attempt.signal,
    state: frame.name,
  };
  const taken = (result: unknown) => {
    if (taskToken === undefined) return attempt.complete(result);
    if (attempt.signal.aborted) return;
    events.submitted(json(result));
    attempt.submitted();
  };
  try {
    // Started inside a promise job, so that a function that throws at once counts as one that rejects.
    Promise.resolve()
      .then(() => services.perform(request))
      .then(taken)
      .catch((error) => attempt.fail(asFailure(error)));
    return (await attempt.outcome) ?? null;
  } finally {
    if (taskToken !== undefined) services.tokens.delete(taskToken);
  }
}

/** A defect of whoever performs tasks must not pass for a task failure that a Catch turns into normal operation. */
function asFailure(error: unknown): unknown {
  if (error instanceof StatesError) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new StatesError('States.Runtime', `unexpected error while the task was performed: ${text}`);
}

function accept(result: unknown, subject: string, events: TaskEvents): unknown {
  const text = json(result);
  checkSize(text, subject);
  events.succeeded(text);
  return result;
}

async function seconds(frame: Frame, field: string, effectiveInput: unknown): Promise<number | undefined> {
  const value = await frame.value(field, effectiveInput);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  const reason = `The value of the field '${field}' must be a positive integer, but was ${json(value)}`;
  throw frame.usesJsonata ? queryFault(reason, field) : runtimeFault(reason);
}
