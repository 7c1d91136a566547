import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { greenlight } from './greenlight';
import { expectServing, servingNow } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

const environment = { ...process.env };
let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());
afterEach(() => world.rest());
afterAll(() => {
  process.env = environment;
});

const SAID = ['--service', 'shop', '--reason', 'ticket 12', '--by', 'ann', '--yes'];
const deploy = (...args: string[]) => greenlight(world, 'deploy', ...SAID, ...args);
/** The world's service is set so that few requests suffice; of the others, files say it. */
function requestFile(request: object): string {
  const file = join(tmpdir(), `greenlight-request-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(request));
  return file;
}

/** `greenlight` as a program; `typed` is what somebody types into its terminal. */
function program(args: string[], { typed }: { typed?: string } = {}) {
  const bin = [process.execPath, join(__dirname, '../../bin/greenlight.js'), ...args];
  const [command = '', ...rest] =
    typed === undefined ? bin : ['script', '-qec', bin.map((word) => `'${word}'`).join(' '), '/dev/null'];
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: world.cloud.endpoint,
    AWS_REGION: world.cloud.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    GREENLIGHT_WORKFLOW: 'Shop',
  };
  const child = spawn(command, rest, { env });
  const printed = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    printed.error += text;
  });
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    child,
    printed,
    exit,
    async says(text: string, where: 'out' | 'error' = 'out') {
      while (!printed[where].includes(text) && child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(printed[where]).toContain(text);
    },
  };
}

it('deploy tells phases, weights and the evidence with its numbers, and ends with 0 when the version is live', async () => {
  const { code, out } = await deploy('--image', 'shop:v2', '--name', 'told');
  expect([code, out.split('\n').at(-1)]).toEqual([0, 'DeploymentSucceeded']);
  expect(out).toMatch(/^told: shop:v2 for shop\nprepare\n/);
  for (const line of [
    /^shift$/m,
    /^ {2}[\d:]{8} {2}ShiftTraffic {10}50 % to green$/m,
    /^ {6}healthy {3}errors {7}.*\d/m,
    /^ {2}[\d:]{8} {2}CompleteDeployment/m,
  ])
    expect(out).toMatch(line);
  expect((await world.journal('told'))[0]!.result).toMatchObject({
    deployment: { requestedBy: 'ann', reason: 'ticket 12', requestedImage: 'shop:v2' },
  });
  await expectServing(world, { version: 'v2', slot: 'b' });
  // what is over is told in the same words, and nothing is started twice
  expect(await greenlight(world, 'watch', 'told')).toEqual({
    code: 0,
    error: '',
    out: out.split('\n').slice(1).join('\n'),
  });
  const again = await deploy('--image', 'shop:v2', '--name', 'told');
  expect(again).toMatchObject({
    code: 1,
    error: expect.stringContaining('there is a deployment told already'),
  });
});

it('deploy of a version that fails its users ends with 1, and says why', async () => {
  const before = await servingNow(world);
  const { code, out } = await deploy('--image', 'shop:v3', '--file', requestFile(sick));
  expect(code).toBe(1);
  expect(out).toMatch(/^ {6}unhealthy errors/m);
  expect(out).toMatch(/^RolledBack: .*; the previous version serves all traffic/m);
  expect(out).toMatch(/^shop-v3-\d{8}-\d{6}: shop:v3 for shop$/m);
  await expectServing(world, before);
});

it('deploy --plan goes no further than a plan that nothing stands behind', async () => {
  const before = await servingNow(world);
  const refused = await deploy('--image', 'shop:v2-lost', '--plan', '--name', 'broken', '--json');
  expect(refused.code).toBe(1);
  const lines = refused.out.split('\n').map((line) => JSON.parse(line));
  expect(lines.at(-1)).toMatchObject({ deployment: 'broken-plan', outcome: 'DeploymentRejected' });
  expect(lines[0]).toMatchObject({ deployment: 'broken-plan', phase: 'prepare', step: 'ValidateRequest' });
  expect(await world.executions()).not.toContain('broken');
  await expectServing(world, before);
});

it('deploy --dry-run ends with 0 and the plan, and changes nothing', async () => {
  const before = await servingNow(world);
  const schema = await world.schema();
  const { code, out } = await deploy('--image', 'shop:v2', '--dry-run');
  expect([code, out.split('\n').at(-1)]).toEqual([0, 'PlanReported']);
  expect(out).toMatch(/AnalyseMigrations .*pending/);
  expect(await world.schema()).toEqual(schema);
  await expectServing(world, before);
});

it('Ctrl-C leaves the deployment running, and says how to follow and how to stop it; watch goes on to the end', async () => {
  const started = program(['deploy', ...SAID, '--image', 'shop:v2', '--name', 'left']);
  await started.says('StartGreen');
  started.child.kill('SIGINT');
  expect(await started.exit).toBe(130);
  expect(started.printed.error).toBe(
    [
      'deployment left goes on without being watched',
      '  follow it: npx greenlight watch left --workflow Shop',
      '  stop it:   npx greenlight rollback left --workflow Shop --reason "..."',
      '',
    ].join('\n'),
  );
  const watched = await greenlight(world, 'watch', 'left');
  expect([watched.code, watched.out.split('\n').at(-1)]).toEqual([0, 'DeploymentSucceeded']);
  expect((await world.serving()).join()).toBe('v2');

  const back = program(['rollback', 'left', '--reason', 'customers complain']);
  await back.says('RecoverDeployment', 'error');
  back.child.kill('SIGINT');
  expect(await back.exit).toBe(130);
  expect(back.printed.out).toBe('');
  expect(back.printed.error).toMatch(
    /the rollback of deployment left goes on without being watched\n {2}follow it: npx greenlight watch left --workflow Shop\n$/,
  );
  const rolledBack = await greenlight(world, 'watch', 'left');
  expect(rolledBack).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^RolledBack: customers complain/m),
  });
});

it('a deployment whose execution is stopped is followed to the end of its recovery', async () => {
  const before = await servingNow(world);
  const started = program(['deploy', ...SAID, '--image', 'shop:v2', '--name', 'stopped']);
  await started.says('StartGreen');
  await world.stop(world.execution('stopped'));
  expect(await started.exit).toBe(1);
  expect(started.printed.out).toMatch(/^RolledBack: its execution is over/m);
  expect(await world.executions()).toContain('stopped-recover-1');
  await expectServing(world, before);
});

it('tells what is asked, with the commands that answer it', async () => {
  const before = await servingNow(world);
  const started = program(['deploy', ...SAID, '--image', 'live', '--approval', '--name', 'asked']);
  await started.says('npx greenlight reject asked --workflow Shop --reason "..."');
  expect(started.printed.out).toMatch(/RequestApproval {7}asked, because .*; until /);
  const said = await greenlight(world, 'reject', 'asked', '--reason', 'not on a friday', '--by', 'bob');
  expect(said.code).toBe(0);
  expect(await started.exit).toBe(1);
  expect(started.printed.out).toMatch(/^DeploymentRejected: .*not on a friday/m);
  await expectServing(world, before);
});

it('in a terminal it asks first, and a no starts nothing', async () => {
  const [yes] = SAID.slice(-1);
  const asked = program(['deploy', ...SAID.filter((word) => word !== yes), '--image', 'shop:v2'], {
    typed: 'n',
  });
  await asked.says('[y/N]');
  asked.child.stdin.write('n\n');
  expect(await asked.exit).toBe(1);
  expect(asked.printed.out).toContain('nothing was deployed');
  expect((await world.executions()).filter((name) => name.startsWith('shop-v2-'))).toHaveLength(1);
});

it('deploy --detach starts it and leaves, and watch names a deployment that there is not', async () => {
  const { code, out } = await deploy('--image', 'shop:v2', '--name', 'alone', '--detach', '--json');
  expect([code, JSON.parse(out)]).toEqual([0, { deployment: 'alone', execution: world.execution('alone') }]);
  // a call that fails ends the following, and nothing else
  const followed = program(['watch', 'alone']);
  await followed.says('AcquireLock');
  world.fault({ operation: 'states:DescribeExecution', kind: 'before', error: 'AccessDeniedException' });
  expect(await followed.exit).toBe(1);
  world.mend();
  expect(followed.printed.error).toMatch(
    /^deployment alone goes on without being watched\n {2}follow it: .*\n {2}stop it: .*\nerror: .+\n$/,
  );
  expect((await world.endOf('alone')).outcome).toBe('DeploymentSucceeded');
  expect(await greenlight(world, 'watch', 'unheard-of')).toEqual({
    code: 1,
    out: '',
    error: 'error: there is no deployment unheard-of in Shop; look at its name again',
  });
});

it('status says what is live, what runs with which weights, and what could be taken back', async () => {
  await deploy('--image', 'shop:v2', '--name', 'stands');
  const still = await greenlight(world, 'status');
  const { slot } = await servingNow(world);
  expect(still.code).toBe(0);
  expect(still.out).toMatch(
    new RegExp(`^  live {8}\\S+shop@sha256:\\w+ in slot ${slot}, since .*, by stands$`, 'm'),
  );
  expect(still.out).toMatch(/^ {2}tasks {7}a: \d of \d, b: \d of \d$/m);
  expect(still.out).toMatch(/^ {2}deployment {2}none at work, the lock is free$/m);
  expect(still.out).toMatch(/^ {2}rollback {4}until /m);

  const execution = await world.start(
    { service: 'shop', image: 'shop:v2', reason: 'a test', ...quick, bakeSeconds: 600, migrations: 'none' },
    'baking',
  );
  expect(await world.entered(execution, 'Bake')).toBe(true);
  const { out } = await greenlight(world, 'status', 'shop', '--json');
  expect(JSON.parse(out)).toEqual([
    expect.objectContaining({
      service: 'shop',
      live: expect.objectContaining({ slot, deployment: 'stands' }),
      weights: { a: 50, b: 50, page: 0 },
      tasks: [
        { slot: 'a', running: 2, desired: 2 },
        { slot: 'b', running: 2, desired: 2 },
      ],
      deployment: expect.objectContaining({ name: 'baking', execution, state: 'runs' }),
      rollback: { possible: false, because: expect.stringContaining('deployment baking holds the lock') },
    }),
  ]);
  expect((await world.rollBack('baking')).outcome).toBe('RolledBack');
  expect(await greenlight(world, 'status', 'wiki')).toMatchObject({
    code: 1,
    error: 'error: there is no service "wiki", there are shop',
  });
});

it('history lists deployments with their ends, who and why, and measures them', async () => {
  const { out } = await greenlight(world, 'history', 'shop', '--json', '--limit', '3');
  const listed = JSON.parse(out);
  expect(listed.map(({ deployment, outcome }: Record<string, string>) => [deployment, outcome])).toEqual([
    ['baking', 'RolledBack'],
    ['stands', 'DeploymentSucceeded'],
    ['alone', 'DeploymentSucceeded'],
  ]);
  expect(listed[1]).toMatchObject({ requestedBy: 'ann', reason: 'ticket 12', image: 'shop:v2' });
  const metrics = JSON.parse((await greenlight(world, 'history', '--metrics', '--json')).out);
  // had users: told, alone and stands, which stayed, and v3, left and baking, which were rolled back
  expect(metrics.failureRate).toBeCloseTo(3 / 6);
  expect(metrics.restoreSeconds).toBeGreaterThan(0);
  expect((await greenlight(world, 'history', 'wiki')).out).toBe('no deployment began in that time');
});

it('lock release frees what was left to people, with who and why in the journal, and nothing that is at work', async () => {
  const execution = await world.start(
    { service: 'shop', image: 'shop:v2', reason: 'a test', ...quick, bakeSeconds: 40, migrations: 'none' },
    'meddled',
  );
  expect(await world.entered(execution, 'Bake')).toBe(true);
  const early = await greenlight(world, 'lock', 'release', 'shop', '--reason', 'in a hurry');
  expect(early).toMatchObject({
    code: 1,
    error: expect.stringContaining(`the lock is kept: ${execution} runs`),
  });
  expect(await world.lockHolder()).toBe('meddled');

  await world.setWeights({ a: 60, b: 40 });
  const { outcome, cause } = await world.ended(execution);
  expect(outcome).toBe('NeedsOperator');
  // as the message says
  const [, command = ''] =
    /release the lock when all is well: npx greenlight (lock release shop) --workflow Shop/.exec(cause) ?? [];
  const shown = await greenlight(world, 'lock', 'show');
  expect(shown.out).toMatch(/^deployment meddled holds the lock of shop, number \d+, until /);
  expect(shown.out).toContain('  release    yes: deployment meddled was left to people');
  const freed = await greenlight(world, ...command.split(' '), '--reason', 'weights set back', '--by', 'ann');
  expect([freed.code, freed.out]).toEqual([0, expect.stringMatching(/^the lock of shop is free: /)]);
  expect(await world.lockHolder()).toBeUndefined();
  expect((await world.journal('meddled')).at(-1)).toMatchObject({
    step: 'LockReleased',
    result: { by: 'ann', reason: 'weights set back' },
  });
  const { out } = await greenlight(world, 'report', 'meddled');
  expect(out).toMatch(/^ended: NeedsOperator$/m);
  const way = await greenlight(world, 'graph', 'meddled', '--taken', '--format', 'mermaid');
  expect(way.out).toMatch(/^ +s\d+\["CallOperator ✓"\]$/m);
  expect(way.out).toMatch(/^ +s\d+\["ShiftTraffic ✓/m);
  expect(way.out).not.toContain('RetireBlue');
  const picture = await greenlight(world, 'graph', 'meddled', '--phases');
  expect(picture.out).toMatch(
    /^<svg [\s\S]*<title>Deployment meddled<\/title>[\s\S]*rect class="parallel caught"/,
  );
  expect(out).toMatch(/LockReleased +by: ann, reason: weights set back$/m);
  const again = await greenlight(world, 'lock', 'release', 'shop', '--reason', 'twice');
  expect(again).toMatchObject({ code: 1, error: 'error: the lock is kept: the lock of shop is free' });
});

it('says what is wrong with a request before anything is asked, each problem with what was expected', async () => {
  const { code, error } = await greenlight(world, 'deploy', '--service', 'shop', '--image', 'shop');
  expect(code).toBe(2);
  expect(error).toMatch(
    /^error: request\.image: expected an image with a tag or a digest.*request\.reason: .*received nothing; greenlight deploy --help lists the options$/,
  );
});
