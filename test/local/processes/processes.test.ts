import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Processes, startProcesses } from '../../../local/processes';
import { alive, until } from './alive';

const sleeper = ['-e', 'setInterval(() => {}, 1000); console.log("up")'];
const stubborn = ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")'];
const up = (child: ReturnType<Processes['spawn']>) =>
  new Promise((resolve) => child.stdout!.once('data', resolve));

describe('the processes of the local cloud', () => {
  let processes: Processes;
  beforeEach(async () => {
    processes = await startProcesses();
  });
  afterEach(() => processes.close());

  it('end with it, and their files are gone', async () => {
    const child = processes.spawn(process.execPath, sleeper);
    await up(child);
    await processes.directory('data/one');
    expect(statSync(join(processes.workDir, 'data/one')).isDirectory()).toBe(true);
    expect(processes.count()).toBe(1);
    await processes.close();
    expect(alive(child.pid!)).toBe(false);
    expect(existsSync(processes.workDir)).toBe(false);
    expect(processes.count()).toBe(0);
  });

  it('are killed when they ignore the request to stop', async () => {
    const child = processes.spawn(process.execPath, stubborn);
    await up(child);
    await processes.stop(child, 100);
    expect(child.signalCode).toBe('SIGKILL');
  });

  it('are asked to stop with their own stop signal', async () => {
    const child = processes.spawn(process.execPath, sleeper, { stopSignal: 'SIGINT' });
    await up(child);
    await processes.stop(child, 30_000);
    expect(child.signalCode).toBe('SIGINT');
  });

  it('are in a process group of their own', async () => {
    const child = processes.spawn(process.execPath, sleeper);
    await up(child);
    expect(() => process.kill(-child.pid!, 0)).not.toThrow();
  });

  it('are not started any more once it closes', async () => {
    await processes.close();
    expect(() => processes.spawn(process.execPath, sleeper)).toThrow('closing');
  });

  it('count only while they run, and a program that does not exist never does', async () => {
    const missing = processes.spawn('/no/such/program', []);
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => missing.once('error', resolve));
    expect(error.code).toBe('ENOENT');
    const child = processes.spawn(process.execPath, ['-e', '']);
    await until('the process has ended', () => processes.count() === 0);
    expect(alive(child.pid!)).toBe(false);
  });
});

it('leaves no process and no file behind when the cloud is killed with SIGKILL', async () => {
  const cloud = spawn(
    process.execPath,
    [join(__dirname, '../../../bin/run.js'), join(__dirname, 'cloud-to-kill.ts')],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const { pids, workDir } = await new Promise<{ pids: number[]; workDir: string }>((resolve) =>
    cloud.stdout.once('data', (text) => resolve(JSON.parse(String(text)))),
  );
  expect(pids).toHaveLength(4);
  expect(pids.filter(alive)).toEqual(pids);
  expect(existsSync(workDir)).toBe(true);
  cloud.kill('SIGKILL');
  await until('every process is gone', () => !pids.some(alive));
  await until('the directory is removed', () => !existsSync(workDir));
});
