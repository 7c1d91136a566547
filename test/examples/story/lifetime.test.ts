import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { descendantsOf, processesNow } from '../../../examples/story/processes';

const RUN = join(__dirname, '../../../bin/run.js');
const program = (name: string) => [RUN, join(__dirname, `${name}.ts`)];
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function start(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, npm_lifecycle_event: '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  return { child, lines: createInterface({ input: child.stdout! }) };
}
const alive = (pid: number) => processesNow().some((found) => found.pid === pid && !found.zombie);
async function until(condition: () => boolean) {
  const end = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not happen within 30 s');
    await setTimeout(100);
  }
}

describe('the story', () => {
  it('takes its users with it when it is killed', async () => {
    const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { child } = start([...program('users'), url, '50']);
    await once(server, 'request');
    const users = descendantsOf(child.pid!, processesNow()).map(({ pid }) => pid);
    expect(users).not.toEqual([]);

    child.kill('SIGKILL');

    await until(() => !users.some(alive));
    server.closeAllConnections();
    server.close();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends on %s', async (signal) => {
    const { child, lines } = start(program('waiting'));
    await once(lines, 'line');
    child.kill(signal);
    expect(await once(lines, 'line')).toEqual([`ended: ${signal}`]);
  });

  it('ends when npm is killed, although the shell between them lives on', async () => {
    const npm = `const { spawn } = require('node:child_process');
      spawn('sh', ['-c', '"$NODE" "$RUN" "$PROGRAM"; true'], { stdio: 'inherit' });`;
    const { child, lines } = start(['-e', npm], {
      NODE: process.execPath,
      RUN: program('waiting')[0]!,
      PROGRAM: program('waiting')[1]!,
      npm_lifecycle_event: 'start',
    });
    await once(lines, 'line');
    child.kill('SIGKILL');
    expect(await once(lines, 'line')).toEqual(['ended: the program that started it is gone']);
  });
});
