import { runTogether } from './concurrency';
import type { Frame } from './frame';
import { stateArgument } from './input';
import { innerProgress } from './progress';
import { innerScope } from './scope';

/** Runs all branches of a Parallel state on the same input; the result has their outputs in order of definition. */
export async function runParallel(frame: Frame, effectiveInput: unknown): Promise<unknown[]> {
  const { history, thread, services, signal } = frame.scope;
  const input = await stateArgument(frame, effectiveInput);
  const branches = frame.state.Branches!;
  const { inner, resumed } = innerProgress(frame.scope.progress, branches.length);
  if (!resumed) history.record('ParallelStateStarted', thread);
  const start = thread.previous;
  const outputs = await runTogether(signal, branches.length, branches.length, async (index, branchSignal) => {
    const own = { previous: start };
    try {
      return await services.runBranch(
        branches[index]!,
        input,
        innerScope(frame.scope, { signal: branchSignal, thread: own, progress: inner[index]! }),
      );
    } finally {
      if (!branchSignal.aborted) thread.previous = own.previous;
    }
  });
  history.recordBeside('ParallelStateSucceeded', thread);
  return outputs;
}
