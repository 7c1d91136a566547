import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Summary } from '../../local/summary';

const ROOT = join(__dirname, '../..');
const FIXTURE = join(__dirname, 'fixtures/cloud');
const PROGRAM = [join(ROOT, 'bin/run.js'), join(ROOT, 'local/main.ts')];
const CLOUD = [
  ...PROGRAM,
  '--assembly',
  FIXTURE,
  '--images',
  join(FIXTURE, 'images.json'),
  '--speed',
  '20',
  '--json',
];

const until = async (what: () => boolean) => {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 25));
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Everything a child prints to stdout, and a promise of its exit code. */
function observed(child: ChildProcess) {
  const printed = { text: '' };
  child.stdout!.setEncoding('utf8').on('data', (text) => {
    printed.text += text;
  });
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { printed, exit };
}

async function started(args: readonly string[]) {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
  const { printed, exit } = observed(child);
  await until(() => printed.text.includes('\n') || child.exitCode !== null);
  const summary: Summary = JSON.parse(printed.text);
  for (const url of Object.values(summary.urls)) expect((await fetch(url)).status).toBe(200);
  return { child, printed, exit, summary };
}

const refuses = async (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  );

describe('the program that is the local cloud', () => {
  test('prints one JSON line when ready and leaves nothing after SIGTERM', async () => {
    const { child, printed, exit, summary } = await started(CLOUD);
    expect(printed.text.trim().split('\n')).toHaveLength(1);
    expect(summary).toMatchObject({
      region: 'eu-west-1',
      outputs: { Said: 'Create one' },
      databases: [{ identifier: 'fixture', host: '127.0.0.1' }],
      resources: { Machine: { type: 'AWS::StepFunctions::StateMachine' } },
    });
    expect(existsSync(summary.workDir)).toBe(true);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(existsSync(summary.workDir)).toBe(false);
    expect(await refuses(Object.values(summary.urls)[0]!)).toBe(true);
  });

  test('runs what --then says in the new cloud first, and ends when its standard input ends', async () => {
    const seen = join(mkdtempSync(join(tmpdir(), 'greenlight-then-test-')), 'cloud.json');
    const { child, exit, summary } = await started([
      ...CLOUD,
      '--until-stdin-closes',
      '--then',
      `printf %s "$LOCAL_CLOUD" > ${seen}`,
    ]);
    expect(JSON.parse(readFileSync(seen, 'utf8'))).toMatchObject({
      endpoint: summary.endpoint,
      outputs: summary.outputs,
    });
    rmSync(dirname(seen), { recursive: true });
    child.stdin!.end();
    expect(await exit).toBe(0);
    expect(existsSync(summary.workDir)).toBe(false);
  });

  test('runs what --beside says from its first line to the end of the cloud', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'greenlight-beside-test-'));
    const file = (name: string) => join(folder, name);
    const [seen, ended, asked] = [file('cloud.json'), file('ended'), file('asked')];
    const beside = `printf %s "$LOCAL_CLOUD" > ${seen}; echo ready; cat; touch ${ended}`;
    const another = `printf %s "$AWS_ENDPOINT_URL $AWS_REGION" > ${asked}; echo ready; cat`;
    const { child, exit, summary } = await started([...CLOUD, '--beside', beside, '--beside', another]);
    // it is there before the cloud is said to be ready
    expect(JSON.parse(readFileSync(seen, 'utf8'))).toMatchObject({ endpoint: summary.endpoint });
    expect(readFileSync(asked, 'utf8')).toBe(`${summary.endpoint} ${summary.region}`);
    expect(existsSync(ended)).toBe(false);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(existsSync(ended)).toBe(true);
    rmSync(folder, { recursive: true });
  });

  test('says so when what --beside says ends before it is ready, and leaves nothing', async () => {
    const child = spawn(process.execPath, [...CLOUD, '--beside', 'exit 3'], { cwd: ROOT, stdio: 'pipe' });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(1);
    expect(said).toContain('error: exit 3 ended with exit code 3 before it wrote a line');
  });

  test('ends when its parent was killed', async () => {
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `const { spawn } = require('node:child_process');
         spawn(process.execPath, ${JSON.stringify(CLOUD)}, { stdio: ['ignore', 'inherit', 'inherit'] });
         setInterval(() => {}, 1000);`,
      ],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const { printed } = observed(parent);
    await until(() => printed.text.includes('\n'));
    const summary: Summary = JSON.parse(printed.text);
    parent.kill('SIGKILL');
    await until(() => !isAlive(summary.pid) && !existsSync(summary.workDir));
  });

  test('leaves nothing when it is killed itself', async () => {
    const { child, exit, summary } = await started(CLOUD);
    child.kill('SIGKILL');
    await exit;
    await until(() => !existsSync(summary.workDir));
    expect(await refuses(Object.values(summary.urls)[0]!)).toBe(true);
  });

  test('starts with nothing in it where the CDK is to deploy, and says how', async () => {
    const child = spawn(process.execPath, [...PROGRAM, '--empty', '--image', 'notes:1=.:node server.mjs'], {
      cwd: FIXTURE,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { printed, exit } = observed(child);
    await until(() => printed.text.includes('Ctrl-C') || child.exitCode !== null);
    expect(printed.text).toContain('  npx cdk bootstrap\n  npx cdk deploy\n');
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  test.each([
    [['--bogus'], "Unknown option '--bogus'"],
    [['--image', 'web'], '"web" is no image; write <name>:<tag>=<folder>:<command line>'],
    [['--images', 'x', '--speed', '0'], '--speed needs a number of at least 0.001, got "0"'],
    [['--images', 'x', '--fault', 'rds'], 'fault "rds": not understood'],
  ])('refuses %j with one error and exit code 2', (args, message) => {
    const { status, stderr } = spawnSync(process.execPath, [...PROGRAM, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('explains itself', () => {
    const { status, stdout } = spawnSync(process.execPath, [...PROGRAM, '--help'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('--until-stdin-closes')]);
  });
});
