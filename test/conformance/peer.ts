import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatesError } from '../../local/asl';
import { scaledClock } from '../../local/clock';
import { type Interpreter, machine, unlessHung } from './interpreter';
import { recordedTasks } from './lambdas';
import type { Ending, Recording } from './recording';

/** The only other interpreter that the npm registry has and that is kept: MIT, at https://github.com/nibble-4bits/aws-local-stepfunctions. */
export const PEER = 'aws-local-stepfunctions@3.0.0';

/** What of the peer's interface is used; its own declarations come with it, and it is no dependency of this project. */
interface Peer {
  StateMachine: new (
    definition: unknown,
  ) => {
    run(
      input: unknown,
      options: unknown,
    ): { result: Promise<unknown>; eventLogs: AsyncIterable<PeerEvent>; abort(): void };
  };
}

interface PeerEvent {
  type: string;
  state?: { name: string };
  Error?: string;
}

/** Installs the peer into a folder of its own; whoever calls removes the folder. */
export function installPeer(): { folder: string; peer: Interpreter } {
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-peer-'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
  execFileSync('npm', ['install', ...quiet, PEER], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const { StateMachine } = createRequire(join(folder, 'package.json'))('aws-local-stepfunctions') as Peer;
  return { folder, peer: (recording) => play(StateMachine, recording) };
}

/** It uses `Promise.withResolvers`, which Node.js has from 22 on. */
const promises = Promise as unknown as { withResolvers?: () => unknown };
promises.withResolvers ??= () => {
  let resolvers: object = {};
  const promise = new Promise((resolve, reject) => {
    resolvers = { resolve, reject };
  });
  return { promise, ...resolvers };
};

/** It has no clock of its own to be given, so waits last as long as they say. */
const clock = scaledClock();

async function play(StateMachine: Peer['StateMachine'], recording: Recording): Promise<Ending> {
  let itsMachine: InstanceType<Peer['StateMachine']>;
  try {
    itsMachine = new StateMachine(recording.definition);
  } catch (error) {
    return { status: 'REFUSED', error: String(error) };
  }
  const overrides = { taskResourceLocalHandlers: handlers(recording) };
  const execution = itsMachine.run(recording.input ?? {}, { overrides, context, noThrowOnAbort: true });
  const events = gathered(execution.eventLogs);
  const output = execution.result.then(
    (value): Ending => ({ status: 'SUCCEEDED', output: value }),
    (): Ending => ({ status: 'FAILED' }),
  );
  const ending = await unlessHung(output);
  if (ending.status === 'HUNG') execution.abort();
  const { states, error, timedOut } = await events;
  if (timedOut) return { status: 'TIMED_OUT', states };
  return { ...ending, ...(ending.status === 'FAILED' && { error }), states };
}

/** Its context object is what it is given, apart from the states. */
const context = {
  Execution: { Id: machine.executionArn, Name: machine.name, RoleArn: machine.roleArn, RedriveCount: 0 },
  StateMachine: { Id: machine.stateMachineArn, Name: machine.stateMachineName },
};

async function gathered(eventLogs: AsyncIterable<PeerEvent>) {
  const states: string[] = [];
  let error: string | undefined;
  let timedOut = false;
  for await (const event of eventLogs) {
    if (event.type === 'StateEntered' && event.state) states.push(event.state.name);
    if (event.type === 'ExecutionFailed') error = event.Error;
    if (event.type === 'ExecutionTimeout') timedOut = true;
  }
  return { states, error, timedOut };
}

/** Its tasks are given by the name of their state, wherever in the machine it is. */
function handlers(recording: Recording): Record<string, (argument: unknown) => Promise<unknown>> {
  const perform = recordedTasks(recording, clock);
  const { signal } = new AbortController();
  const handled: Record<string, (argument: unknown) => Promise<unknown>> = {};
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    const { States: states = {} } = value as { States?: Record<string, { Type: string; Resource: string }> };
    for (const [name, { Type, Resource: resource }] of Object.entries(states))
      if (Type === 'Task')
        handled[name] = (argument) =>
          Promise.resolve(perform({ resource, argument, signal } as never)).catch(asItsErrors);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(recording.definition);
  return handled;
}

/** It takes the class of an error for the error's name. */
function asItsErrors(error: unknown): never {
  if (!(error instanceof StatesError)) throw error;
  throw Object.assign(new Error(error.causeText), { name: error.error });
}
