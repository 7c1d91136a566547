import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

jest.setTimeout(300_000);

const ROOT = join(__dirname, '../..');
const PROGRAM = join(ROOT, 'bin/greenlight.js');
const shell = promisify(execFile);

function hasAwsCommandLine(): boolean {
  try {
    execFileSync('aws', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const withAwsCommandLine = hasAwsCommandLine() ? test : test.skip;

/** `greenlight local` as somebody starts it, once it says that it is ready. */
async function started(args: readonly string[] = []) {
  const child = spawn(process.execPath, [PROGRAM, 'local', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const printed = { text: '', progress: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed.text += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    printed.progress += text;
  });
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  while (!printed.text.includes('Ctrl-C ends it') && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return { child, printed, exit };
}

/** The commands that a page shows in a section, one each line. */
function documented(page: string, section: string): string[] {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const [, found = ''] = new RegExp(`^## ${section}$.*?\`\`\`\n(.*?)\`\`\``, 'ms').exec(text) ?? [];
  return found.trimEnd().split('\n');
}

/** Types a line into a shell in which the line that `greenlight local` prints was typed before. */
const typed = (exported: string, line: string) =>
  shell('bash', ['-c', `${exported.trim()}\n${line}`], { cwd: ROOT, env: { ...process.env, AWS_PAGER: '' } });

/** Ctrl-C in the terminal reaches every program of the group. */
const interrupt = ({ pid }: ChildProcess) => process.kill(-pid!, 'SIGINT');

withAwsCommandLine(
  'the first deployment succeeds, by the commands that the documents and the program print',
  async () => {
    const { child, printed, exit } = await started();
    try {
      expect(printed.progress).toMatch(
        /users send 200 requests per second to http:\S+; --load 0 starts none/,
      );
      const [, page = ''] = /the page of Shop is at (http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(printed.text) ?? [];
      expect((await fetch(page)).headers.get('content-security-policy')).toContain("default-src 'self'");
      const [exported = ''] = /^ {2}export .*$/m.exec(printed.text) ?? [];
      const commands = documented('local-cloud.md', 'The first deployment');
      const report = commands.at(-1) ?? '';
      expect(commands[0]).toMatch(/^aws .*stepfunctions start-execution /);
      expect(report).toMatch(/^npx greenlight report /);
      for (const command of commands) await typed(exported, command);
      let said = '';
      while (!/^ended: (?!not yet)/m.test(said)) said = (await typed(exported, report)).stdout;
      expect(said).toMatch(/^ended: DeploymentSucceeded$/m);
      expect(said).toMatch(/InspectLive {2,}slot a serves with 2 tasks, \d+ requests a second/);
      // what the program itself proposes works too
      const proposed = printed.text.split('to look around:')[1]?.match(/^ {2}aws .*$/gm) ?? [];
      expect(proposed.length).toBeGreaterThan(2);
      for (const command of proposed) expect((await typed(exported, command)).stdout).not.toBe('');
    } finally {
      interrupt(child);
      expect(await exit).toBe(0);
      // the cloud and its users are gone
      expect(() => process.kill(-child.pid!, 0)).toThrow('ESRCH');
      const [, endpoint = ''] = /AWS_ENDPOINT_URL=(\S+)/.exec(printed.text) ?? [];
      await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
    }
  },
);

test('says of a load that is none what it expects, and starts nothing', () => {
  for (const load of ['-1', '1.5', 'many', '']) {
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'local', `--load=${load}`], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(
        `--load needs a whole number of requests per second, 0 for none, got ${JSON.stringify(load)}`,
      ),
    ]);
  }
});
