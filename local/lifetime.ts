const PARENT_POLL_MS = 500;

/**
 * Resolves with the reason when the program ought to end: a signal, its parent is gone, or (when asked for) standard
 * input has ended. A parent that was killed cannot say so; its children are handed to another process.
 */
export function timeToEnd({ untilStdinCloses }: { untilStdinCloses: boolean }): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) resolve('its parent is gone');
    }, PARENT_POLL_MS).unref();
    if (!untilStdinCloses) return;
    process.stdin.on('end', () => resolve('standard input has ended'));
    process.stdin.on('error', () => resolve('standard input has ended'));
    process.stdin.resume();
  });
}
