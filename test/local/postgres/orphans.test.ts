import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { alive, until } from '../processes/alive';

const sharedMemory = () =>
  existsSync('/dev/shm') ? readdirSync('/dev/shm').filter((name) => name.startsWith('PostgreSQL')) : [];

it('a database in use and its files are gone after the cloud was killed with SIGKILL', async () => {
  const before = sharedMemory();
  const cloud = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'cloud-to-kill.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pids, workDir } = await new Promise<{ pids: number[]; workDir: string }>((resolve, reject) => {
    cloud.stdout.once('data', (text) => resolve(JSON.parse(String(text))));
    cloud.once('exit', () => reject(new Error('the cloud ended before it was ready')));
  });
  // the server and its background processes
  expect(pids.length).toBeGreaterThan(4);
  expect(pids.some(alive)).toBe(true);
  cloud.kill('SIGKILL');
  await until('every process is gone', () => !pids.some(alive));
  await until('the directory is removed', () => !existsSync(workDir));
  expect(sharedMemory().filter((name) => !before.includes(name))).toEqual([]);
});
