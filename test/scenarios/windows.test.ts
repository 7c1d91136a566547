import type { SettingsInput } from '../../src/domain/settings/settings';
import { clockTime, DAY_MINUTES, wallClock, weekdays } from '../../src/domain/windows/wall-clock';
import { greenlight } from './greenlight';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(300_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());

type Windows = NonNullable<SettingsInput['windows']>;

/** Not whole hours away from anybody. */
const timeZone = 'Asia/Kathmandu';
const MINUTE = 60_000;
const clock = (minutes: number) => wallClock(world.cloud.clock.now() + minutes * MINUTE, timeZone);

/** A window that opens in so many minutes of cloud time, for some hours. */
const opensIn = (minutes: number, more: Windows = {}): Windows => {
  const { weekday, minute } = clock(minutes);
  const to = clockTime((minute + 8 * 60) % DAY_MINUTES);
  return { timeZone, weekly: [{ days: [weekday], from: clockTime(minute), to }], onClosed: 'wait', ...more };
};
/** A window of yesterday. */
const closed = (more: Windows = {}): Windows => {
  const yesterday = weekdays[(weekdays.indexOf(clock(0).weekday) + 6) % 7]!;
  return { timeZone, weekly: [{ days: [yesterday], from: '00:00', to: '00:01' }], ...more };
};
const freeze = (more: Windows = {}): Windows => ({
  timeZone,
  freezes: [{ from: clock(0).date, to: clock(2 * DAY_MINUTES).date, reason: 'the sale' }],
  ...more,
});

const ask = (image: string, more: object = {}) => ({
  ...{ service: 'shop', image, reason: 'ticket 17', requestedBy: 'ann', ...quick },
  ...more,
});

const rows = async (name: string, step: string) =>
  (await world.journal(name))
    .filter((row) => row.step === step)
    .map(({ at, result }) => ({ at, ...(result as object) }));
const events = (name: string) =>
  world.cloud.services.events
    .recent()
    .filter(({ detail }) => (detail as { deployment?: string }).deployment === name)
    .map((event) => ({ type: event['detail-type'], ...(event.detail as object) }) as Record<string, unknown>);
const told = () => world.cloud.services.sns.recent().map(({ message }) => message);

/** Starts a deployment, and resolves once it waits for a window. */
async function waiting(name: string, image: string, more: object = {}) {
  const execution = await world.start(ask(image, more), name);
  expect(await world.entered(execution, 'WaitForWindow')).toBe(true);
  // its row is there, and nobody is kept out
  expect(await world.lockHolder()).toBeUndefined();
  return execution;
}

it('is rejected while no window is open, with when the next one opens and what to do; nothing was changed', async () => {
  await world.configure({ windows: closed() });
  const ended = await world.deploy(ask('shop:v2'));
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toMatch(
    /^no deployment window is open, at \w+ \S+ \d\d:\d\d \+05:45 \(Asia\/Kathmandu\); a window opens at .* \(Asia\/Kathmandu\); ask for it with notBefore \S+, or with outsideWindow and a reason where it cannot wait; nothing was changed/,
  );
  expect(ended.path).not.toContain('Approve');
  await expectServing(world, { version: 'v1', slot: 'a' });
  expect(await world.snapshots()).toEqual([]);
});

it('a plan says that it would be rejected, or until when it would wait, and of code alone that it may', async () => {
  const warnings = async (image: string, windows: Windows) => {
    await world.configure({ windows });
    const { outcome, output } = await world.deploy(ask(image, { dryRun: true }));
    expect(outcome).toBe('PlanReported');
    return (output as { warnings: string[] }).warnings.filter((text) => /window|rejected|waits/.test(text));
  };
  expect(await warnings('shop:v2', closed())).toEqual([
    expect.stringMatching(/^begun now it would be rejected: no deployment window is open/),
  ]);
  expect(await warnings('shop:v2', closed({ onClosed: 'wait' }))).toEqual([
    expect.stringMatching(/^it waits until .* \(Asia\/Kathmandu\): no deployment window is open/),
  ]);
  expect(await warnings('shop:v1', closed({ codeOnly: 'always' }))).toEqual([]);
  expect(await warnings('shop:v2', closed({ codeOnly: 'always' }))).toHaveLength(1);
});

it('keeps nobody waiting while it waits, and is not begun where what is urgent was released meanwhile', async () => {
  await world.configure({ windows: opensIn(15, { codeOnly: 'always' }) });
  const execution = await waiting('overtaken', 'shop:v2');
  const urgent = await world.deploy(ask('shop:v1', { strategy: 'ALL_AT_ONCE' }));
  expect(urgent.outcome).toBe('DeploymentSucceeded');
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toMatch(/another version was released while it waited: .* ask for it again/);
  await expectServing(world, { version: 'v1', slot: 'b' });
});

it('waits on in a freeze that is declared meanwhile, says so, and is cancelled as any other', async () => {
  await world.configure({ windows: opensIn(10) });
  const execution = await waiting('frozen', 'shop:v2');
  await world.configure({ windows: freeze({ onClosed: 'wait' }) });
  const frozen = async () =>
    (await rows('frozen', 'AwaitWindow')).some((row) => /the sale/.test(JSON.stringify(row))) || undefined;
  await until(frozen);
  const status = await greenlight(world, 'status', 'shop');
  expect(status.out).toMatch(
    /waits +frozen: it waits until .*\(Asia\/Kathmandu\): nothing is deployed from .*\(the sale\)/,
  );
  const json = await greenlight(world, 'status', 'shop', '--json');
  expect(JSON.parse(json.out)[0].waiting).toEqual([
    {
      deployment: 'frozen',
      service: 'shop',
      until: expect.stringMatching(/Z$/),
      because: expect.any(String),
    },
  ]);
  const back = await greenlight(world, 'rollback', 'frozen', '--reason', 'not any more', '--by', 'bob');
  expect(back.out).toContain('DeploymentRejected');
  expect((await world.ended(execution)).events.at(-1)?.type).toBe('ExecutionAborted');
  expect(await world.lockHolder()).toBeUndefined();
  const after = await greenlight(world, 'status', 'shop', '--json');
  expect(JSON.parse(after.out)[0].waiting).toEqual([]);
  expect(await world.serving()).toEqual(['v1']);
});

it('is approved before it waits, begins when the window opens, and is looked at again but asks nobody twice', async () => {
  const windows = opensIn(15);
  await world.configure({ windows, approval: { rules: [{}] } });
  const execution = await world.start(ask('shop:v2'), 'waits');
  await world.asked(execution);
  expect((await greenlight(world, 'approve', 'waits', '--reason', 'fine', '--by', 'bob')).code).toBe(0);
  expect(await world.entered(execution, 'WaitForWindow')).toBe(true);
  const ended = await world.ended(execution);
  expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', expect.anything()]);
  const times = (state: string) => ended.path.filter((one) => one === state).length;
  expect(['RequestApproval', 'AnalyseMigrations', 'AcquireLock'].map(times)).toEqual([1, 2, 2]);
  const [held] = (await rows('waits', 'AwaitWindow')) as { at: string; opensAt: string }[];
  const [snapshot] = await rows('waits', 'SnapshotDatabase');
  expect(Date.parse(snapshot!.at)).toBeGreaterThanOrEqual(Date.parse(held!.opensAt));
  const opened = wallClock(Date.parse(held!.opensAt), timeZone);
  expect(clockTime(opened.minute)).toBe(windows.weekly![0]!.from);
  expect(events('waits').map(({ type }) => type)).toEqual(
    expect.arrayContaining(['DeploymentHeld', 'DeploymentStarted', 'DeploymentSucceeded']),
  );
  expect(events('waits').filter(({ type }) => type === 'DeploymentStarted')).toHaveLength(1);
  await expectServing(world, { version: 'v2', slot: 'a' });
});

it('waits until the time that its request names, without any window', async () => {
  await world.configure({});
  const notBefore = new Date(world.cloud.clock.now() + 8 * MINUTE).toISOString();
  const execution = await waiting('timed', 'shop:v2', { notBefore, strategy: 'ALL_AT_ONCE' });
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentSucceeded');
  const [green] = await rows('timed', 'StartGreen');
  expect(Date.parse(green!.at)).toBeGreaterThanOrEqual(Date.parse(notBefore));
  const far = await world.deploy(ask('shop:v2', { notBefore: '2099-01-01T00:00:00+01:00' }));
  expect(far.cause).toContain(
    'request.notBefore: expected a time within four weeks, received "2099-01-01T00:00:00+01:00"',
  );
});

it('leaves contract migrations for later where a freeze was declared while it was under way', async () => {
  await world.configure({});
  const execution = await world.start(ask('shop:v7'), 'late');
  expect(await world.entered(execution, 'ShiftTraffic')).toBe(true);
  await world.configure({ windows: freeze() });
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentSucceeded');
  expect(ended.path).not.toContain('StartContract');
  expect(JSON.stringify(ended.output)).toMatch(/nothing is deployed from .*\(the sale\)/);
  expect(await world.serving()).toEqual(['v7']);
});

it('closes no service where a freeze was declared after it had begun', async () => {
  await world.configure({});
  const target = 'GreenlightAwaitDatabase';
  world.fault({ operation: 'lambda:Invoke', kind: 'slow', delayMs: 60_000, target, times: 1 });
  const execution = await world.start(ask('shop:v7', { strategy: 'MAINTENANCE' }), 'too-late');
  expect(await world.entered(execution, 'AwaitDatabase')).toBe(true);
  await world.configure({ windows: freeze() });
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toMatch(/^nothing is deployed from .*\(the sale\); nothing was changed/);
  expect(await world.isClosed()).toBe(false);
  expect(events('too-late').map(({ type }) => type)).not.toContain('ServiceClosed');
  expect(await world.serving()).toEqual(['v7']);
});

it('begins in a freeze for a reason that somebody agrees to, and no clock agrees', async () => {
  const outsideWindow = 'users cannot pay';
  await world.configure({ windows: freeze(), approval: { onTimeout: 'approve', timeoutSeconds: 60 } });
  const nobody = await world.deploy(ask('shop:v7', { outsideWindow }));
  expect([nobody.outcome, nobody.cause]).toEqual([
    'DeploymentRejected',
    expect.stringContaining('by time-out'),
  ]);
  await world.configure({ windows: freeze() });
  const execution = await world.start(ask('shop:v7', { outsideWindow }), 'urgent');
  const { text } = (await world.asked(execution))!;
  expect(text).toContain('the request asks to begin outside of deployment windows: users cannot pay');
  await greenlight(world, 'approve', 'urgent', '--reason', 'it is', '--by', 'bob');
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentSucceeded');
  // with all of it: what an earlier deployment left is done as well
  expect(ended.path).toContain('StartContract');
  expect(await rows('urgent', 'RequestApproval')).toEqual([
    expect.objectContaining({ because: expect.stringContaining(outsideWindow) }),
  ]);
  const report = await greenlight(world, 'report', 'urgent');
  expect(report.out).toContain(outsideWindow);
});

it('tells people of a maintenance window ahead, with its start and length, and when it begins and is over', async () => {
  await world.configure({ windows: { timeZone, announceSeconds: 600 } });
  const close = (name: string, more: object = {}) =>
    world
      .start(ask('shop:v7', { strategy: 'MAINTENANCE', ...more }), name)
      .then((execution) => world.ended(execution));
  const before = told().length;
  const first = await close('closes', { expectedSeconds: 240 });
  expect([first.outcome, first.cause]).toEqual(['DeploymentSucceeded', expect.anything()]);
  const said = events('closes');
  const announced = said.filter(({ type }) => type === 'MaintenanceAnnounced');
  expect(announced).toEqual([expect.objectContaining({ expectedSeconds: 240, reason: 'ticket 17' })]);
  const [asked] = await rows('closes', 'ValidateRequest');
  const [shut] = said.filter(({ type }) => type === 'ServiceClosed');
  const starts = Date.parse(String(announced[0]!.startsAt));
  expect(starts - Date.parse(asked!.at)).toBeGreaterThanOrEqual(600_000);
  expect(Date.parse(String(shut!.at))).toBeGreaterThanOrEqual(starts);
  const messages = told().slice(before);
  const orders = [
    /^From .*\(Asia\/Kathmandu\) users get the maintenance page, for about 240 s/,
    /^users get the maintenance page since/,
    /^users are served again, after \d+ s/,
  ];
  expect(
    orders
      .map((one) => messages.findIndex((text) => one.test(text)))
      .every((at, index, all) => at >= 0 && at > (all[index - 1] ?? -1)),
  ).toBe(true);

  await close('closes-again');
  const { closedSeconds } = JSON.parse(
    first.events.at(-1)?.executionSucceededEventDetails?.output ?? '{}',
  ) as { closedSeconds: number };
  expect(events('closes-again').find(({ type }) => type === 'MaintenanceAnnounced')).toMatchObject({
    expectedSeconds: closedSeconds,
  });
  expect(told().findLast((text) => /^From /.test(text))).toContain(
    `for about ${closedSeconds} s, as long as the last time`,
  );
});
