import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { reportOf } from '../../src/domain/report';
import { reportText } from '../../src/domain/report/text';
import { allOn } from '../../src/domain/traffic/weights';
import { type PackerWorld, startPackerWorld } from './world/packer';

jest.setTimeout(240_000);

let world: PackerWorld;
beforeAll(async () => {
  world = await startPackerWorld();
});
afterEach(() => world.mend());
afterAll(() => world?.close());

const WEIGHT = '20260308090000';
const DROP_LABEL = '20260315090000';

/** One version alone packs, every task of the service is its, and no parcel was lost or packed twice. */
async function expectPacking(version: string): Promise<void> {
  expect(await world.packing()).toBe(version);
  expect(await world.tasks()).toEqual({ [await world.taskDefinition()]: 2 });
  const parcels = await world.parcels();
  expect(parcels.length).toBeGreaterThan(0);
  expect(parcels.filter(({ packed }) => packed !== 1)).toEqual([]);
  expect(await world.lockHolder()).toBeUndefined();
}

/** What a deployment's step said last, as the journal has it. */
async function said<Result>(deployment: string, step: string): Promise<Result> {
  const rows = await world.journal(deployment);
  return rows.findLast((row) => row.step === step)?.result as Result;
}

/** What the workflow told people and programs of a deployment. */
const told = (deployment: string) =>
  [
    ...world.cloud.services.sns.recent().map(({ subject, message }) => `${subject} ${message}`),
    ...world.cloud.services.events
      .recent()
      .filter(({ source }) => !source.startsWith('aws.'))
      .map((event) => JSON.stringify(event)),
  ].filter((text) => text.includes(deployment));

/** The release's report, as people read it. */
async function reportOfRelease(deployment: string): Promise<string> {
  const now = { slot: 'a', weights: allOn('a') };
  return reportText(reportOf(deployment, await world.journal(deployment), now));
}

/** Publishes how long the oldest parcel waits, as the packer's own monitoring would, until it is stopped. */
function watchParcels(): () => Promise<void> {
  const client = new CloudWatchClient(world.aws);
  let on = true;
  const watching = (async () => {
    while (on) {
      const open = 'select extract(epoch from now() - min(made_at)) as waits from parcels where packed = 0';
      const [{ waits } = { waits: 0 }] = await world.query<{ waits: number | null }>(open);
      const Value = Number(waits ?? 0) * world.speed;
      const data = { MetricName: 'OldestParcelSeconds', Value, StorageResolution: 1 };
      const both = [data, { ...data, Dimensions: [{ Name: 'Service', Value: 'packer' }] }];
      await client.send(new PutMetricDataCommand({ Namespace: 'Packer', MetricData: both }));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async () => {
    on = false;
    await watching;
  };
}

it('plans a release in place, says what the verdict will rest on, and changes nothing', async () => {
  const ended = await world.deploy({ image: 'shop:packer-v2', dryRun: true });
  expect(ended.outcome).toBe('PlanReported');
  const { deployment, because, warnings } = await said<{
    deployment: { strategy: string };
    because: string;
    warnings: string[];
  }>(ended.name, 'ChooseStrategy');
  expect(deployment.strategy).toBe('ROLLING');
  expect(because).toMatch(
    /^without a load balancer its tasks are replaced in place; the verdict rests on its tasks, the database, alarm \S+, metric Packer\/OldestParcelSeconds$/,
  );
  expect(warnings).toEqual([]);
  await world.configure({ evidence: {} });
  const alone = await world.deploy({ image: 'shop:packer-v2', dryRun: true });
  await world.configure({});
  expect(await said(alone.name, 'ChooseStrategy')).toMatchObject({
    warnings: [expect.stringMatching(/^neither alarms nor metrics are configured/)],
  });
  await expectPacking('v1');
});

it.each(['ALL_AT_ONCE', 'CANARY', 'LINEAR', 'MAINTENANCE'])(
  'refuses %s, because there are no users to move, and changes nothing',
  async (strategy) => {
    const ended = await world.deploy({ image: 'shop:packer-v2', strategy });
    expect(ended).toMatchObject({
      outcome: 'DeploymentRejected',
      cause: `request.strategy: packer has no load balancer, so its tasks are replaced in place: expected ROLLING or AUTO, received ${strategy}; nothing was changed`,
    });
    expect(await world.lockHolder()).toBeUndefined();
  },
);

it('takes a failed migration back: the previous version packs on the schema of before', async () => {
  const before = await world.schema();
  const ended = await world.deploy({ image: 'shop:packer-v2-fails' });
  expect(ended).toMatchObject({
    outcome: 'RolledBack',
    cause: expect.stringContaining('the migration failed: EssentialContainerExited'),
  });
  expect(ended.path).toContain('RevertMigration');
  expect(ended.path).not.toContain('RollOut');
  expect(await world.schema()).toEqual(before);
  await expectPacking('v1');
});

/** Stops the execution of a release in a step, and wants the previous version to pack after its recovery. */
async function expectRecovery(state: string, when: 'before' | 'after'): Promise<void> {
  const name = await world.abandon({ image: 'shop:packer-v2', bakeSeconds: 600 }, { state, when });
  const recovery = await world.endOf(`${name}-recover-1`);
  expect([recovery.outcome, recovery.cause]).toEqual([
    'RolledBack',
    expect.stringContaining('had come to no end'),
  ]);
  await expectPacking('v1');
}

it('recovers a release whose execution is stopped while its migration runs', () =>
  expectRecovery('StartMigration', 'after'));

it('rolls back a version whose tasks end by themselves, with the reason, and keeps what its migrations added', async () => {
  const ended = await world.deploy({ image: 'shop:packer-v2-crashes' });
  expect(ended).toMatchObject({
    outcome: 'RolledBack',
    cause: expect.stringMatching(/ECS gave the rollout up|green keeps crashing/),
  });
  expect(ended.cause).toMatch(/the newest stopped task says EssentialContainerExited: /);
  expect(ended.cause).toContain('the previous version is the only one that runs, schema expanded');
  expect((await world.schema()).applied).toContain(WEIGHT);
  await expectPacking('v1');
});

it('rolls back a version that stays up and packs next to nothing, by the metric or the alarm of the service', async () => {
  const stop = watchParcels();
  const ended = await world.deploy({ image: 'shop:packer-v2-idles', bakeSeconds: 600 });
  await stop();
  expect(ended).toMatchObject({
    outcome: 'RolledBack',
    cause: expect.stringMatching(/OldestParcelSeconds|alarm \S+ParcelsWait\S+ (is in|went to) ALARM/),
  });
  expect(ended.path).toContain('UndoRollout');
  const { evidence } = await said<{ evidence: object }>(ended.name, 'ObserveGreen');
  expect(Object.keys(evidence).sort()).toEqual(['alarms', 'database', 'fleet', 'metrics']);
  await expectPacking('v1');
});

it.each<[string, 'before' | 'after']>([
  // its effect comes after the stop, and is refused
  ['RollOut', 'before'],
  ['RollOut', 'after'],
  ['ObserveGreen', 'after'],
])('recovers a release whose execution is stopped in %s (%s its effect)', expectRecovery);

it('rolls back a version that a test of the service’s own, a task, finds wrong', async () => {
  const { taskDefinition, container } = world.settings.migrations;
  const command = ['node', '-e', 'process.exit(process.env.GREENLIGHT_BASE_URL ? 1 : 3)'];
  await world.configure({
    smokeTests: [{ task: { taskDefinition, container, command, timeoutSeconds: 60 } }],
  });
  const ended = await world.deploy({ image: 'shop:packer-v2' });
  await world.configure({});
  expect(ended).toMatchObject({ outcome: 'RolledBack', cause: expect.stringContaining('exit code 3') });
  expect(ended.path).not.toContain('ObserveGreen');
  await expectPacking('v1');
});

it('releases a new version in place, with its migrations, and goes back when somebody asks for it', async () => {
  const ended = await world.deploy({ image: 'shop:packer-v2' });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(ended.path).toEqual(expect.arrayContaining(['RollOut', 'SmokeTestGreen', 'ObserveGreen']));
  expect(ended.path).not.toContain('ShiftTraffic');
  expect((await world.schema()).applied).toContain(WEIGHT);
  await expectPacking('v2');
  const back = await world.rollBack(ended.name);
  expect(back).toMatchObject({ outcome: 'RolledBack' });
  await expectPacking('v1');
  // the rollback goes on in the journal of the release
  const said = await reportOfRelease(ended.name);
  expect(said).toContain('ended: RolledBack');
  for (const text of [said, ...told(ended.name)]) expect(text).not.toMatch(/traffic|user|weights|target/i);
});

it('starts the tasks again that somebody has taken away between two releases, and tells people', async () => {
  await world.scale(1);
  await world.wake('Reconcile');
  await expectPacking('v1');
  const [drift] = world.cloud.services.sns.recent().slice(-1);
  expect(drift).toMatchObject({ subject: 'packer: a slot is not as recorded' });
});

it('leaves contract migrations for later while a session from before the release is open', async () => {
  expect((await world.deploy({ image: 'shop:packer-v2' })).outcome).toBe('DeploymentSucceeded');
  const end = await world.connectAs('an old packer');
  const ended = await world.deploy({ image: 'shop:packer-v3', deadlines: { contractSeconds: 5 } });
  await end();
  expect(ended).toMatchObject({
    outcome: 'DeploymentSucceeded',
    output: {
      remark: expect.stringMatching(
        new RegExp(`^contract migrations ${DROP_LABEL} were not begun: .* are open: 1 of an old packer`),
      ),
    },
  });
  await expectPacking('v3');
});

it('runs them behind the next one, once no task and no session of the previous version is left', async () => {
  const ended = await world.deploy({ image: 'shop:packer-v3' });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded', output: { remark: '' } });
  expect(ended.path).toContain('VerifyContract');
  expect((await world.schema()).applied).toContain(DROP_LABEL);
  const { cause } = await said<{ cause: string }>(ended.name, 'VerifyContract');
  expect(cause).toBe('');
  await expectPacking('v3');
});
