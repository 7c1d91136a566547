import { ruleHolds } from './choice';
import type { ChoiceRule, State } from './definition';
import { runtimeFault, StateFault, StatesError } from './errors';
import { failureOf } from './fail';
import { Frame } from './frame';
import { whole } from './history';
import { effectiveInput } from './input';
import { expectType } from './jsonata';
import { runMap } from './map';
import { type StateOutput, stateOutput } from './output';
import { runParallel } from './parallel';
import type { Payload } from './payload';
import { fillTemplate } from './payload-template';
import type { Position } from './progress';
import { catcherFor, caughtOutput, Retries } from './retry';
import type { Scope } from './scope';
import { checkSize, json } from './size';
import { unsupportedField } from './state-fields';
import { runTask } from './task';
import { runWait } from './wait';

/** Where a state leads: the next state's name, absent at the end of its scope. */
export interface Step {
  payload: Payload;
  next?: string;
}

type Visit = StateOutput & { next?: string };
type MeasuredVisit = Visit & { text: string };

/**
 * Visits one state: enters it, runs it with its retries and catchers, and leaves it. A redrive goes on within the
 * visit, with all its retries again.
 */
export async function runState(at: Position, state: State, scope: Scope): Promise<Step> {
  const { history, thread } = scope;
  const { name, input } = at;
  const frame = new Frame(name, state, input.value, scope);
  at.entered ??= history.record(`${state.Type}StateEntered`, thread, {
    stateEnteredEventDetails: { name, input: input.text, inputDetails: whole },
  });
  const { next, output, text, assigned } = await visit(frame, input.text, at.entered);
  history.record(`${state.Type}StateExited`, thread, {
    stateExitedEventDetails: exitDetails(name, text, assigned),
  });
  if (assigned) Object.assign(scope.variables, assigned);
  return { payload: { value: output, text }, next };
}

async function visit(frame: Frame, inputText: string, entered: number): Promise<MeasuredVisit> {
  const { state, scope } = frame;
  let retries: Retries | undefined;
  for (;;) {
    try {
      return await attempt(frame, inputText);
    } catch (error) {
      // Whoever was interrupted while failing was interrupted: no retry, no catch, no more events.
      if (scope.signal.aborted) throw scope.signal.reason;
      if (!(error instanceof StatesError)) throw error;
      const failure = recordFailure(frame, error, entered);
      retries ??= new Retries(state.Retry ?? [], scope.services.random);
      const delay = retries.delayAfter(failure.error);
      if (delay === undefined) return await caught(frame, failure, entered);
      frame.retryCount++;
      await scope.services.clock.sleep(delay, scope.signal);
    }
  }
}

async function attempt(frame: Frame, inputText: string): Promise<MeasuredVisit> {
  const { output, assigned, next } = await run(frame, effectiveInput(frame));
  if (frame.scope.signal.aborted) throw frame.scope.signal.reason;
  if (output === frame.input) return { output, assigned, next, text: inputText };
  const text = json(output);
  checkSize(text, frame.name);
  return { output, assigned, next, text };
}

async function run(frame: Frame, effective: unknown): Promise<Visit> {
  const { state } = frame;
  const unsupported = unsupportedField(state);
  if (unsupported) throw runtimeFault(`The field '${unsupported}' is not supported by this interpreter`);
  switch (state.Type) {
    case 'Fail':
      throw await failureOf(frame);
    case 'Choice':
      return choose(frame, effective);
    case 'Wait':
      await runWait(frame, effective);
      return leave(frame, effective);
    case 'Succeed':
      return stateOutput(frame, effective);
    case 'Pass':
      return leave(frame, passResult(frame, effective));
    case 'Task':
      return leave(frame, await runTask(frame, effective));
    case 'Parallel':
      return leave(frame, await runParallel(frame, effective));
    case 'Map':
      return leave(frame, await runMap(frame, effective));
    default:
      throw runtimeFault(`Unknown state type '${state.Type}'`);
  }
}

async function leave(frame: Frame, result: unknown): Promise<Visit> {
  const { output, assigned } = await stateOutput(frame, result);
  return { output, assigned, next: frame.state.End ? undefined : frame.state.Next };
}

function passResult(frame: Frame, effective: unknown): unknown {
  const { Parameters, Result } = frame.state;
  if (frame.usesJsonata) return effective;
  if (Result !== undefined) return Result;
  return Parameters === undefined ? effective : fillTemplate(Parameters, frame.paths(effective));
}

async function choose(frame: Frame, effective: unknown): Promise<Visit> {
  const rule = await matchingRule(frame, effective);
  const next = rule?.Next ?? frame.state.Default;
  if (next === undefined)
    throw new StateFault('States.NoChoiceMatched', 'No choice rule matched and there is no Default.');
  const { output, assigned } = await stateOutput(frame, effective, rule);
  return { output, assigned, next };
}

async function matchingRule(frame: Frame, effective: unknown): Promise<ChoiceRule | undefined> {
  const paths = frame.paths(effective);
  for (const rule of frame.state.Choices ?? []) {
    if (frame.usesJsonata ? await conditionHolds(frame, rule.Condition) : ruleHolds(rule, paths)) return rule;
  }
  return undefined;
}

async function conditionHolds(frame: Frame, condition: unknown): Promise<boolean> {
  const value = await frame.evaluate(condition, 'Condition');
  expectType(value, 'boolean', condition, 'Condition');
  return value as boolean;
}

/** Notes a failure in the history and gives it with AWS's wording of where it happened. */
function recordFailure({ name, state, scope }: Frame, error: StatesError, entered: number): StatesError {
  const failure = error instanceof StateFault ? error.locate(name, entered) : error;
  const details = { error: failure.error, cause: failure.causeText };
  if (error instanceof StateFault && error.error === 'States.QueryEvaluationError') {
    const { location } = error;
    scope.history.record('EvaluationFailed', scope.thread, {
      evaluationFailedEventDetails: { ...details, location, state: name },
    });
  }
  const isContainer = state.Type === 'Parallel' || state.Type === 'Map';
  if (isContainer && failure.error !== 'States.Runtime')
    scope.history.record(`${state.Type}StateFailed`, scope.thread);
  return failure;
}

async function caught(frame: Frame, failure: StatesError, entered: number): Promise<MeasuredVisit> {
  const catcher = catcherFor(frame, failure);
  if (!catcher) throw failure;
  try {
    const visited = await caughtOutput(frame, catcher, failure);
    return { ...visited, text: json(visited.output), next: catcher.Next };
  } catch (error) {
    throw error instanceof StateFault ? recordFailure(frame, error, entered) : error;
  }
}

function exitDetails(name: string, output: string, assigned: Record<string, unknown> | undefined) {
  const details = { name, output, outputDetails: whole };
  if (!assigned || Object.keys(assigned).length === 0) return details;
  const entries = Object.entries(assigned).map(([variable, value]) => [variable, json(value)]);
  return { ...details, assignedVariables: Object.fromEntries(entries), assignedVariablesDetails: whole };
}
