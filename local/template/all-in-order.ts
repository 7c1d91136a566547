/**
 * Makes each of `ids` as soon as those of them that it needs are made, independent ones at the same time. After a
 * failure nothing new begins; when all that had begun has ended, the first failure is thrown, so that whoever
 * cleans up knows all there is.
 */
export async function allInOrder(
  ids: readonly string[],
  needs: (id: string) => readonly string[],
  make: (id: string) => Promise<void>,
): Promise<void> {
  const begun = new Map<string, Promise<void>>();
  let failed = false;
  const begin = (id: string): Promise<void> => {
    const making =
      begun.get(id) ??
      after(
        needs(id).filter((needed) => ids.includes(needed)),
        id,
      );
    begun.set(id, making);
    return making;
  };
  const after = async (needed: readonly string[], id: string): Promise<void> => {
    await Promise.all(needed.map(begin));
    if (failed) return;
    try {
      await make(id);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const results = await Promise.allSettled(ids.map(begin));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
