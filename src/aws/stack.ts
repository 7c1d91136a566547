import type { Environment, Port } from '../domain/step/port';

/** Name of the workflow's stack, for commands that can be pasted. */
export const stack: Port<{ name: string }> = {
  grants: [],
  open: ({ settingsPrefix }) => ({ name: settingsPrefix.split('/').at(-1) ?? '' }),
};

/** All that a function's ports are opened with, for acts that open their own. */
export const workflow: Port<Environment> = { grants: [], open: (environment) => environment };
