import { whenStarterIsGone } from '../../src/cli/starter';

/** Rejects with Interrupted when the story has to end: Ctrl-C, a signal, or who started it is gone. */
export function timeToEnd(): Promise<never> {
  return new Promise((_, reject) => {
    const end = (reason: string) => reject(new Interrupted(reason));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
    whenStarterIsGone(() => end('the program that started it is gone'));
  });
}

/** Somebody asked for the end. */
export class Interrupted extends Error {
  constructor(readonly reason: string) {
    super(`ended: ${reason}`);
    this.name = 'Interrupted';
  }
}
