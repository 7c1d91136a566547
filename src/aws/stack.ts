import type { Port } from '../domain/step/port';

/** Name of the workflow's stack, for commands that can be pasted. */
export const stack: Port<{ name: string }> = {
  grants: [],
  open: ({ settingsPrefix }) => ({ name: settingsPrefix.split('/').at(-1) ?? '' }),
};
