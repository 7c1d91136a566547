import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alive, until } from '../processes/alive';

/** The shared memory outside of its directory that a process has open, by path: a SIGKILL would leave it behind. */
function sharedMemoryOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8').match(/\/dev\/shm\/\S+/g) ?? [];
  } catch {
    // it has ended meanwhile, or this is no Linux and there is no /dev/shm either
    return [];
  }
}

it('a database in use and its files are gone after the cloud was killed with SIGKILL', async () => {
  const cloud = spawn(
    process.execPath,
    [join(__dirname, '../../../bin/run.js'), join(__dirname, 'cloud-to-kill.ts')],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const { pids, workDir } = await new Promise<{ pids: number[]; workDir: string }>((resolve, reject) => {
    cloud.stdout.once('data', (text) => resolve(JSON.parse(String(text))));
    cloud.once('exit', () => reject(new Error('the cloud ended before it was ready')));
  });
  const running = pids.filter(alive);
  // of its own processes alone: other servers of the machine come and go beside this test
  const shared = pids.flatMap(sharedMemoryOf).filter((path) => !path.startsWith(`${workDir}/`));
  cloud.kill('SIGKILL');
  // the server and its background processes
  expect(running.length).toBeGreaterThan(4);
  expect(shared).toEqual([]);
  await until('every process is gone', () => !pids.some(alive));
  await until('the directory is removed', () => !existsSync(workDir));
});
