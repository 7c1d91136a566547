import { setImmediate as turn } from 'node:timers/promises';
import type { Branch } from './definition';
import { runtimeFault } from './errors';
import type { Payload } from './payload';
import { advance } from './progress';
import type { Scope } from './scope';
import { json } from './size';
import { runState } from './state';

/** A loop of states that never wait would starve everything else in the process, its own stop included. */
const STATES_PER_TURN = 256;

/** Runs the states of a scope until one ends it, from StartAt or from where a redrive goes on; gives the last one's output. */
export async function runMachine(branch: Branch, input: Payload, scope: Scope): Promise<Payload> {
  const { progress } = scope;
  progress.at ??= { name: branch.StartAt, input };
  for (let count = 1; progress.ended === undefined; count++) {
    if (scope.signal.aborted) throw scope.signal.reason;
    const state = branch.States[progress.at.name];
    if (!state) throw runtimeFault(`The state '${progress.at.name}' does not exist`);
    const { payload, next } = await runState(progress.at, state, scope);
    if (next === undefined) progress.ended = payload;
    else advance(progress, { name: next, input: payload });
    if (count % STATES_PER_TURN === 0) await turn();
  }
  return progress.ended;
}

/** Runs a branch of a Parallel or an iteration of a Map. */
export async function runBranch(branch: Branch, input: unknown, scope: Scope): Promise<unknown> {
  const { value } = await runMachine(branch, { value: input, text: json(input) }, scope);
  return value;
}
