import { spawnSync } from 'node:child_process';
import { run } from '../../bench/frame/program';

const cwd = __dirname;
const node = (code: string, options = {}) => run(process.execPath, ['-e', code], { cwd, ...options });
/** 300 ms of CPU, on a busy machine in more time. */
const burn = 'while (process.cpuUsage().user < 300_000);';

it('counts the CPU of what a program starts, but not the time that it sleeps', async () => {
  const parent = await node(
    `require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(burn)}])`,
  );
  expect(parent.cpuMs).toBeGreaterThanOrEqual(300);
  const sleeper = await node('setTimeout(() => {}, 1_000)');
  expect(sleeper.wallMs).toBeGreaterThan(1_000);
  expect(sleeper.cpuMs).toBeLessThan(sleeper.wallMs);
});

const adopts = process.platform === 'linux' && spawnSync('perl', ['-v']).status === 0 ? it : it.skip;
adopts('counts the CPU of what a program has started and left behind', async () => {
  const parent = await node(
    `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(burn)}], { stdio: 'ignore' }).unref()`,
  );
  expect(parent.cpuMs).toBeGreaterThanOrEqual(300);
});

it('keeps the outputs apart and tells each line when it comes', async () => {
  const lines: string[] = [];
  const { stdout } = await node('console.log("out"); console.error("err")', {
    onLine: (line: string) => lines.push(line),
  });
  expect(stdout).toBe('out');
  expect(lines.sort()).toEqual(['err', 'out']);
});

it('fails with the last words of a program that fails', () =>
  expect(node('console.error("no such thing"); process.exit(3)')).rejects.toThrow(
    /ended with 3\nno such thing/,
  ));

it('takes an exit code for an answer where it is one', async () =>
  expect((await node('console.log("bad"); process.exitCode = 1', { answers: [0, 1] })).stdout).toBe('bad'));
