import { setImmediate as turn } from 'node:timers/promises';
import type { Branch } from './definition';
import { runtimeFault } from './errors';
import type { Scope } from './scope';
import { json } from './size';
import { type Payload, runState } from './state';

/** A loop of states that never wait would starve everything else in the process, its own stop included. */
const STATES_PER_TURN = 256;

/** Runs the states of a scope from StartAt until one ends it; gives the last one's output. */
export async function runMachine(branch: Branch, input: Payload, scope: Scope): Promise<Payload> {
  let payload = input;
  let name: string | undefined = branch.StartAt;
  for (let count = 1; name !== undefined; count++) {
    if (scope.signal.aborted) throw scope.signal.reason;
    const state = branch.States[name];
    if (!state) throw runtimeFault(`The state '${name}' does not exist`);
    const step = await runState(name, state, payload, scope);
    payload = step.payload;
    name = step.next;
    if (count % STATES_PER_TURN === 0) await turn();
  }
  return payload;
}

/** Runs a branch of a Parallel or an iteration of a Map. */
export async function runBranch(branch: Branch, input: unknown, scope: Scope): Promise<unknown> {
  const { value } = await runMachine(branch, { value: input, text: json(input) }, scope);
  return value;
}
