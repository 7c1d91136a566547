import { followingController } from './abort';
import { Interruption } from './errors';

/**
 * Does `count` pieces of work, at most `limit` at a time and started in order. The first failure ends the others
 * through the signal; once all have ended, that failure is thrown.
 * @returns the results in order
 */
export async function runTogether<Result>(
  outer: AbortSignal,
  count: number,
  limit: number,
  work: (index: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const { controller, release } = followingController(outer);
  const results: Result[] = new Array(count);
  let failure: { error: unknown } | undefined;
  let next = 0;
  const worker = async () => {
    while (next < count && !controller.signal.aborted) {
      const index = next++;
      try {
        results[index] = await work(index, controller.signal);
      } catch (error) {
        failure ??= { error };
        controller.abort(new Interruption('work beside it failed'));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
  release();
  if (failure) throw failure.error;
  if (outer.aborted) throw outer.reason;
  return results;
}
