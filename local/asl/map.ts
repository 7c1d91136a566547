import { randomUUID } from 'node:crypto';
import { runTogether } from './concurrency';
import { errorOutput, StatesError } from './errors';
import type { Frame } from './frame';
import { History } from './history';
import { batchInputs, iterationInput, mapItems } from './map-items';
import { failureTolerance, type IsTooMany, maxConcurrency } from './map-limits';
import { innerProgress, newProgress, type Progress } from './progress';
import { innerScope, type Scope } from './scope';

/** Runs a Map state's processor for every item; the result has the outputs in order of the items. */
export async function runMap(frame: Frame, effective: unknown): Promise<unknown[]> {
  const { history, thread } = frame.scope;
  const isDistributed = processorOf(frame).ProcessorConfig?.Mode === 'DISTRIBUTED';
  const items = await mapItems(frame, effective, isDistributed);
  const limit = await maxConcurrency(frame, effective, isDistributed);
  // a distributed Map starts over on a redrive: its children are executions of their own
  const { inner, resumed } = innerProgress(frame.scope.progress, isDistributed ? 0 : items.length);
  if (!resumed)
    history.record('MapStateStarted', thread, { mapStateStartedEventDetails: { length: items.length } });
  const isTooMany = await failureTolerance(frame, effective);
  const outputs = isDistributed
    ? await runDistributed(frame, effective, items, limit, isTooMany)
    : await runInline(frame, effective, items, limit, inner);
  history.recordBeside('MapStateSucceeded', thread);
  return outputs;
}

const processorOf = ({ state }: Frame) => (state.ItemProcessor ?? state.Iterator)!;

function runInline(
  frame: Frame,
  effective: unknown,
  items: unknown[],
  limit: number,
  progresses: readonly Progress[],
): Promise<unknown[]> {
  const { scope, name } = frame;
  const start = scope.thread.previous;
  return runTogether(scope.signal, items.length, limit, async (index, signal) => {
    const progress = progresses[index]!;
    if (progress.ended) return progress.ended.value;
    const mapItem = { Index: index, Value: items[index] };
    const input = await iterationInput(frame, effective, mapItem);
    const thread = { previous: start };
    const details = { name, index };
    if (!progress.resumed)
      scope.history.record('MapIterationStarted', thread, { mapIterationStartedEventDetails: details });
    try {
      const inner = innerScope(scope, { signal, thread, mapItem, progress });
      const output = await scope.services.runBranch(processorOf(frame), input, inner);
      scope.history.record('MapIterationSucceeded', thread, { mapIterationSucceededEventDetails: details });
      return output;
    } catch (error) {
      if (error instanceof StatesError) {
        scope.history.recordBeside('MapIterationFailed', thread, { mapIterationFailedEventDetails: details });
      }
      throw error;
    } finally {
      if (!signal.aborted) scope.thread.previous = thread.previous;
    }
  });
}

/**
 * Each item, or batch of items, in an execution of its own, which sees no variables of this one and writes its own
 * history. A tolerated failure leaves `{Error, Cause}` in the place of its output.
 */
async function runDistributed(
  frame: Frame,
  effective: unknown,
  items: unknown[],
  limit: number,
  isTooMany: IsTooMany,
): Promise<unknown[]> {
  const { scope } = frame;
  const inputs: unknown[] = [];
  for (const [Index, Value] of items.entries())
    inputs.push(await iterationInput(frame, effective, { Index, Value }));
  const children = frame.state.ItemBatcher ? await batchInputs(frame, effective, inputs) : inputs;
  const mapRunArn = mapRunArnOf(frame);
  scope.history.record('MapRunStarted', scope.thread, { mapRunStartedEventDetails: { mapRunArn } });
  let failed = 0;
  try {
    const outputs = await runTogether(scope.signal, children.length, limit, async (index, signal) => {
      try {
        const mapItem = { Index: index, Value: items[index] };
        return await runChild(frame, children[index], { signal, mapItem }, mapRunArn);
      } catch (error) {
        if (!(error instanceof StatesError)) throw error;
        failed++;
        if (isTooMany(failed, children.length)) throw thresholdExceeded();
        return errorOutput(error);
      }
    });
    scope.history.record('MapRunSucceeded', scope.thread);
    return outputs;
  } catch (error) {
    if (error instanceof StatesError) {
      const details = { error: error.error, cause: error.causeText };
      scope.history.record('MapRunFailed', scope.thread, { mapRunFailedEventDetails: details });
    }
    throw error;
  }
}

function runChild(frame: Frame, input: unknown, own: ChildScope, mapRunArn: string): Promise<unknown> {
  const { scope } = frame;
  const { Execution } = scope.execution;
  const id = `${mapRunArn.replace(':mapRun:', ':execution:')}/${randomUUID()}`;
  const child = innerScope(scope, {
    ...own,
    progress: { ...newProgress(), variables: {} },
    thread: { previous: 0 },
    history: new History(scope.services.clock),
    execution: { ...scope.execution, Execution: { ...Execution, Id: id, Input: input } },
  });
  return scope.services.runBranch(processorOf(frame), input, child);
}

type ChildScope = Pick<Scope, 'signal' | 'mapItem'>;

function mapRunArnOf({ scope, name }: Frame): string {
  const machine = String(scope.execution.StateMachine.Id).replace(':stateMachine:', ':mapRun:');
  return `${machine}/${name}:${randomUUID()}`;
}

const thresholdExceeded = () =>
  new StatesError(
    'States.ExceedToleratedFailureThreshold',
    'The specified tolerated failure threshold was exceeded',
  );
