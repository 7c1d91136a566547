import { runTogether } from './concurrency';
import type { Frame } from './frame';
import { stateArgument } from './input';
import { innerScope } from './scope';

/** Runs all branches of a Parallel state on the same input; the result has their outputs in order of definition. */
export async function runParallel(frame: Frame, effectiveInput: unknown): Promise<unknown[]> {
  const { history, thread, services, signal } = frame.scope;
  const input = await stateArgument(frame, effectiveInput);
  history.record('ParallelStateStarted', thread);
  const start = thread.previous;
  const branches = frame.state.Branches!;
  const outputs = await runTogether(signal, branches.length, branches.length, async (index, branchSignal) => {
    const own = { previous: start };
    try {
      return await services.runBranch(
        branches[index]!,
        input,
        innerScope(frame.scope, { signal: branchSignal, thread: own }),
      );
    } finally {
      if (!branchSignal.aborted) thread.previous = own.previous;
    }
  });
  history.recordBeside('ParallelStateSucceeded', thread);
  return outputs;
}
