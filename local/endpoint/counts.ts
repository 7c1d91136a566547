/** How often each operation was called, and by whom. */
export function createCounts() {
  const byCaller = new Map<string, Map<string, number>>();
  return {
    count(operation: string, accessKeyId: string): void {
      const own = byCaller.get(accessKeyId) ?? new Map<string, number>();
      byCaller.set(accessKeyId, own.set(operation, (own.get(operation) ?? 0) + 1));
    },
    /** By all callers whose access key id holds `caller`. */
    calls(caller = ''): ReadonlyMap<string, number> {
      const sums = new Map<string, number>();
      for (const [accessKeyId, own] of byCaller)
        if (accessKeyId.includes(caller))
          for (const [operation, times] of own) sums.set(operation, (sums.get(operation) ?? 0) + times);
      return sums;
    },
  };
}
