import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** What a load met; times in ms. */
export interface Load {
  answered: number;
  lost: number;
  seconds: number;
  p50: number;
  p99: number;
}

export interface Origin {
  child: ChildProcess;
  port: number;
}

/** Of a load that is steady. */
export const CONNECTIONS = 64;
const SECONDS = 2;
/** Before it, so that nobody is measured while he compiles. */
const WARM_UP_SECONDS = 2;

const program = (name: string) => path.join(__dirname, `${name}.mjs`);

/** Starts a server in a process of its own; it ends with this one. */
export async function startOrigin(name: 'origin' | 'quick-origin'): Promise<Origin> {
  const child = spawn(process.execPath, [program(name)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout!, 'data');
  return { child, port: Number(line) };
}

/** Runs the load generator in a process of its own; `slow` is the share of requests that take 50 ms. */
export async function load(port: number, connections: number, seconds: number, slow = 0): Promise<Load> {
  const parameters = [port, connections, seconds, slow].map(String);
  const child = spawn(process.execPath, [program('load'), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout!.on('data', (data) => {
    text += data;
  });
  await once(child, 'close');
  return JSON.parse(text);
}

/** A steady load on somebody who has been under load before. */
export async function steadyLoad(port: number): Promise<Load> {
  await load(port, CONNECTIONS, WARM_UP_SECONDS);
  return load(port, CONNECTIONS, SECONDS);
}
