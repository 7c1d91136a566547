import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { expectServing, type Serving } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(240_000);

const NOTE = '20260112090000';
const CANNOT = `can't locate migration ${NOTE}: the history is not this version's`;
const CAN = 'the previous version can still start: a task of it became healthy';
const UNPROVEN = 'that the previous version can still start was not proven: the settings say trial: null';

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());
afterEach(async () => {
  world.mend();
  await world.configure({});
  await world.rest();
});

/** Has a version serve on the schema of v1, before which another one may have served on another. */
async function live(tag: string): Promise<Serving> {
  const slot = (await world.weights()).a === 100 ? 'b' : 'a';
  const { outcome } = await world.deploy({ image: `shop:${tag}`, migrations: 'none', ...quick });
  expect(outcome).toBe('DeploymentSucceeded');
  await world.rest();
  return { version: tag, slot };
}

/** What the trials of a deployment said last. */
const trial = async (deployment: string) =>
  (await world.journal(deployment))
    .filter(({ step }) => step === 'CheckTrial' || step === 'CheckTrialAgain')
    .map(({ step, result }) => ({ step, ...(result as { status: string; cause: string }) }))
    .at(-1);

/** The tasks that a slot wants to run. */
async function tasksOf(slot: Serving['slot']): Promise<string[]> {
  const { cluster, slots } = world.settings;
  const { taskArns = [] } = await new ECSClient(world.aws).send(
    new ListTasksCommand({ cluster, serviceName: slots[slot].service }),
  );
  return taskArns;
}

const onV2 = () => world.load.versions().v2 ?? 0;

describe('where the previous version cannot start on the migrated schema', () => {
  it('takes back a migration on which the previous version cannot start, before any user is on green', async () => {
    const blue = await live('v1-strict');
    const before = await world.schema();
    const ended = await world.deploy({ image: 'shop:v2', ...quick });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toContain(CANNOT);
    expect(ended.cause).toContain(`schema as before; ${CAN}`);
    expect(ended.path).toEqual(expect.arrayContaining(['BlueFailed', 'RevertMigration', 'TryBlueAgain']));
    expect([ended.path.includes('ShiftTraffic'), onV2()]).toEqual([false, 0]);
    expect(await world.schema()).toEqual(before);
    // what was said holds: the platform replaces a task
    const replaced = await tasksOf(blue.slot);
    await world.loseTask(blue.slot);
    await until(async () => {
      const now = await tasksOf(blue.slot);
      return (now.length === 2 && now.some((task) => !replaced.includes(task))) || undefined;
    });
    await until(async () => (await world.running())[blue.slot] === 2 || undefined);
    await expectServing(world, blue);
  });

  it('replaces no task of a rollout in place, and takes the migration back', async () => {
    const blue = await live('v1-strict');
    const before = await world.schema();
    const ended = await world.deploy({ image: 'shop:v2', ...quick, strategy: 'ROLLING' });
    expect(ended.outcome).toBe('RolledBack');
    expect([ended.path.includes('RollOut'), onV2()]).toEqual([false, 0]);
    expect(await world.schema()).toEqual(before);
    await expectServing(world, blue);
  });

  it('calls an operator when that migration cannot be taken back, with the words of the task', async () => {
    const blue = await live('v1-strict');
    await world.configure({ migrations: { ...world.settings.migrations, revertCommand: [] } });
    const ended = await world.deploy({ image: 'shop:v2', ...quick }, 'no-way-back');
    expect(ended.outcome).toBe('NeedsOperator');
    expect(ended.cause).toContain('the previous version serves and cannot start on the migrated schema');
    expect(ended.cause).toContain(CANNOT);
    expect(ended.cause).toContain('shop exit code 1');
    expect(onV2()).toBe(0);
    await expectServing(world, { ...blue, idle: 2, lockedBy: 'no-way-back' });
  });

  it('calls an operator when the previous version cannot start on the schema of before either', async () => {
    const blue = await live('v1');
    world.fault({
      operation: 'ecs:RunTask',
      kind: 'override',
      role: 'TryBlue',
      patch: { tasks: [], failures: [{ reason: 'ATTRIBUTE', detail: 'no place has what the task wants' }] },
    });
    const ended = await world.deploy({ image: 'shop:v2', ...quick }, 'nowhere');
    expect(ended.outcome).toBe('NeedsOperator');
    expect(ended.path.filter((state) => state === 'RevertMigration')).toHaveLength(1);
    expect(ended.cause).toContain('cannot start, although the schema is as before');
    expect(ended.cause).toContain('no place has what the task wants');
    await expectServing(world, { ...blue, idle: 2, lockedBy: 'nowhere' });
  });

  it('says at the end that nobody knows, where the settings say so', async () => {
    const blue = await live('v1-strict');
    await world.configure({ trial: null });
    const ended = await world.deploy({ image: 'shop:v2', ...quick, rollback: { warmSeconds: 3600 } });
    expect(ended.outcome).toBe('DeploymentSucceeded');
    expect(ended.output).toMatchObject({ remark: UNPROVEN });
    const back = await world.rollBack(ended.name);
    expect(back.outcome).toBe('RolledBack');
    expect(back.cause).toContain(`schema expanded; ${UNPROVEN}`);
    expect(await world.marked(`greenlight/trial/${ended.name}`)).toEqual([]);
    await expectServing(world, blue);
  });
});

describe('where it can', () => {
  it('shows it before users reach green, with one task that is stopped', async () => {
    const blue = await live('v1');
    const ended = await world.deploy({ image: 'shop:v2', ...quick });
    expect(ended.outcome).toBe('DeploymentSucceeded');
    const [tried, checked, shifted] = ['TryBlue', 'CheckTrial', 'ShiftTraffic'].map((state) =>
      ended.path.indexOf(state),
    );
    expect([tried! < checked!, checked! < shifted!]).toEqual([true, true]);
    expect(await trial(ended.name)).toMatchObject({ step: 'CheckTrial', status: 'healthy', cause: CAN });
    expect(await world.marked(`greenlight/trial/${ended.name}`)).toHaveLength(1);
    expect(ended.output).toMatchObject({ remark: '' });
    await expectServing(world, { version: 'v2', slot: blue.slot === 'a' ? 'b' : 'a' });
    await live('v1');
  });

  it('says what it has seen, although nobody could tell it that its task was stopped', async () => {
    const blue = await live('v1');
    // as often as the SDK tries: the step fails behind its effect, and is asked once more
    world.fault({ operation: 'ecs:StopTask', kind: 'after', role: 'GreenlightCheckTrial', times: 3 });
    const ended = await world.deploy({ image: 'shop:v2', ...quick });
    expect([ended.outcome, world.faults()]).toEqual(['DeploymentSucceeded', []]);
    expect(await trial(ended.name)).toMatchObject({ step: 'CheckTrial', status: 'healthy', cause: CAN });
    await expectServing(world, { version: 'v2', slot: blue.slot === 'a' ? 'b' : 'a' });
    await live('v1');
  });

  it('shows it once more before it says of a rollback that the previous version serves', async () => {
    const blue = await live('v1');
    const ended = await world.deploy({ image: 'shop:v5', ...quick, deadlines: { greenSeconds: 30 } });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toContain(`serves all traffic, schema expanded; ${CAN}`);
    expect(await trial(ended.name)).toMatchObject({ step: 'CheckTrialAgain', status: 'healthy' });
    await expectServing(world, blue);
  });

  it('does not say of a release that is taken back that the previous version serves on what users wrote', async () => {
    const blue = await live('v1-noteless');
    const released = await world.deploy({ image: 'shop:v2', ...quick, rollback: { warmSeconds: 3600 } });
    expect([released.outcome, (await trial(released.name))?.status]).toEqual([
      'DeploymentSucceeded',
      'healthy',
    ]);
    await world.query("update orders set note = 'with a ribbon' where id = (select min(id) from orders)");
    const ended = await world.rollBack(released.name);
    expect(ended.outcome).toBe('NeedsOperator');
    expect(ended.cause).toContain('has a member that this version does not know');
    await expectServing(world, { ...blue, idle: 2, lockedBy: released.name });
  });

  it('tries nothing where no migration ran, and says so', async () => {
    const { name, outcome } = await world.deploy({ image: 'shop:v1', migrations: 'none', ...quick });
    expect(outcome).toBe('DeploymentSucceeded');
    expect(await trial(name)).toMatchObject({
      status: 'unneeded',
      cause: 'no migration ran, so the previous version can start as it could before',
    });
    expect(await world.marked(`greenlight/trial/${name}`)).toEqual([]);
  });
});
