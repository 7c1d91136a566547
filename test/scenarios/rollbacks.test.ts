import { expectServing } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(120_000);

const NOTE = '20260112090000';

let world: World;
let before: { fingerprint: string; applied: string[] };
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());
beforeEach(async () => {
  before = await world.schema();
});

const asBefore = { version: 'v1', slot: 'a' } as const;

it('rejects a deployment whose migration task ECS refuses to start', async () => {
  world.fault({
    operation: 'ecs:RunTask',
    kind: 'before',
    role: 'StartMigration',
    error: 'InvalidParameterException',
  });
  const ended = await world.deploy({ image: 'shop:v2', ...quick });
  world.mend();
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(await world.schema()).toEqual(before);
  await expectServing(world, asBefore);
});

it('waits for the server to let go of a migration that was stopped, then finds that it left nothing', async () => {
  const letGo = await world.holdLock('orders');
  await world.holdLock('products', 'greenlight-lingering');
  const thaw = await world.freeze('greenlight-lingering');
  const execution = await world.start(
    { service: 'shop', reason: 'a test', image: 'shop:v2', ...quick, deadlines: { migrationSeconds: 1 } },
    'lingering',
  );
  expect(await world.entered(execution, 'WaitForDatabase')).toBe(true);
  await letGo();
  thaw();
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('RolledBack');
  expect(await world.schema()).toEqual(before);
  await expectServing(world, asBefore);
});

it('takes a verified migration back where the service asks for it and nothing is lost', async () => {
  const ended = await world.deploy({
    image: 'shop:v5',
    ...quick,
    deadlines: { greenSeconds: 30 },
    rollback: { revertSchema: true },
  });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.path).toEqual(expect.arrayContaining(['VerifyMigration', 'RevertMigration', 'CheckRevert']));
  expect(await world.schema()).toEqual(before);
  await expectServing(world, asBefore);
});

it('leaves the expanded schema when users were on green, although the service asks for it back', async () => {
  const ended = await world.deploy({ image: 'shop:v3', ...sick, rollback: { revertSchema: true } });
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.path).toContain('ReturnTraffic');
  expect(ended.path).not.toContain('RevertMigration');
  expect((await world.schema()).applied).toEqual([...before.applied, NOTE]);
  await expectServing(world, asBefore);
  await world.rest();
});

it.each([
  [
    'calls an operator when the rollback of a half-applied run would lose data',
    'v4-loses',
    'migrations of a failed run are applied, and taking them back would lose data',
  ],
  [
    'calls an operator when a half-applied run cannot be rolled back',
    'v4-no-way-back',
    'migrations of a failed run are applied, and there is no way to take them back',
  ],
])('%s', async (_, tag, because) => {
  const ended = await world.deploy({ image: `shop:${tag}`, ...quick }, tag);
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toContain(`${because} (20260112090000, 20260126080000, 20260126090000)`);
  expect((await world.schema()).applied.at(-1)).toBe('20260126090000');
  await expectServing(world, { ...asBefore, lockedBy: tag });
  await world.query("DELETE FROM schema_migrations WHERE version IN ('20260126080000', '20260126090000')");
  await world.query('ALTER TABLE products DROP COLUMN origin, DROP COLUMN supplier_id');
  await world.rest();
});

it('calls an operator when a migration changed the schema and its tool did not record it', async () => {
  expect((await world.deploy({ image: 'shop:v5', ...quick, deadlines: { greenSeconds: 30 } })).outcome).toBe(
    'RolledBack',
  );
  const ended = await world.deploy({ image: 'shop:v4-unrecorded', ...quick }, 'unrecorded');
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toContain('the schema changed although the history table records no migration');
  expect(ended.cause).toContain(
    "undo by hand what 20260126080000 left, or complete it and run INSERT INTO schema_migrations (version) VALUES ('20260126080000')",
  );
  expect(await world.query("SELECT to_regclass('parcels')::text AS name")).toEqual([{ name: 'parcels' }]);
  await expectServing(world, { ...asBefore, lockedBy: 'unrecorded' });
  await world.query('DROP TABLE parcels');
  await world.rest();
});

it('calls an operator when the database cannot be read during the rollback', async () => {
  world.fault({
    operation: 'secretsmanager:GetSecretValue',
    kind: 'override',
    role: 'ChooseRollback',
    patch: { SecretString: JSON.stringify({ host: '127.0.0.1', port: 1, username: 'nobody', password: '' }) },
  });
  const deadlines = { rollbackSeconds: 30 };
  const ended = await world.deploy({ image: 'shop:v4', ...quick, deadlines }, 'unreadable');
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.cause).toContain('the database cannot be read, so what the migration left is unknown');
  await expectServing(world, { ...asBefore, lockedBy: 'unreadable' });
  await world.rest();
});
