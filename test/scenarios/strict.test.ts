import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RDS } from '@aws-sdk/client-rds';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { App } from 'aws-cdk-lib';
import { ShopStack } from '../../lib/example/shop-stack';
import { declared, denied, needs } from './grants';
import { greenlight } from './greenlight';
import { quick, stories } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(600_000);

let assembly: string;
let world: World;
const REFUSED = [
  "it cannot see since when other roles' sessions are there: GRANT pg_read_all_stats to it",
  'it cannot read public.orders, public.orders_id_seq,',
  'it means other tables than shop by names without a schema: set its search_path alike',
];

/**
 * The example with HTTPS, with a key of its own for all that the workflow keeps (table, topic, logs, queue, reports), with another for what
 * the shop keeps (secrets, manifests, database, snapshots), and with a user who only reads, whom somebody has made and given no rights yet.
 */
beforeAll(async () => {
  assembly = mkdtempSync(join(tmpdir(), 'greenlight-key-'));
  const app = new App({ outdir: assembly, builtinCloudFormationValidation: false });
  new ShopStack(app, 'Shop', { strict: true });
  app.synth();
  world = await startWorld({ rate: 50, assembly });
  await world.query("CREATE ROLE looker LOGIN PASSWORD 'looks'; ALTER ROLE looker SET search_path = other");
  await leadReader();
});
// a world that is put back to rest puts back the application's secret
beforeEach(() => leadReader());
afterAll(async () => {
  await world?.close();
  rmSync(assembly, { recursive: true, force: true });
});

const secrets = () => new SecretsManager(world.aws);
async function leadReader(): Promise<void> {
  const { host, port, database: dbname } = await world.connection();
  const SecretString = JSON.stringify({ host, port, dbname, username: 'looker', password: 'looks' });
  await secrets().putSecretValue({ SecretId: world.settings.database.readSecret, SecretString });
}

/** The statements that use a key, which the example without one does not have. */
const ofKeys = () => declared(world).filter(({ name }) => !(name in needs));

it('refuses a reader who does not see enough, and says what he lacks', async () => {
  const { outcome, cause } = await world.deploy({ image: 'shop:v2', ...quick });
  expect(outcome).toBe('DeploymentRejected');
  for (const lack of REFUSED) expect(cause).toContain(lack);
  await world.query(`
    GRANT pg_read_all_stats TO looker; ALTER ROLE looker RESET search_path; GRANT USAGE ON SCHEMA public TO looker;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker; GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO looker;
    ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO looker; ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO looker`);
});

it('the steps that only look cannot read the secret of the application, and the others not that of the reader', () => {
  const may = (sid: string) =>
    declared(world).flatMap(({ name, step }) => (name.endsWith(` ${sid}`) ? [step] : []));
  const [look, act] = [may('ReaderSecret'), may('DatabaseSecret')];
  expect(act.sort()).toEqual([
    'CheckContract',
    'CheckMigration',
    'CheckRevert',
    'StopTasks',
    'VerifyMigration',
  ]);
  expect(look.length).toBeGreaterThan(10);
  // they end sessions, or gather statistics, as who owns them
  const both = ['CheckMigration', 'CheckRevert', 'VerifyMigration'];
  expect(look.filter((step) => act.includes(step)).sort()).toEqual(both);
});

it("releases, with contract migrations, and no session of a step that only looks is the application's", async () => {
  const seen = new Set<string>();
  let looking = true;
  const look = () =>
    world.inSession(async (client) => {
      while (looking) {
        const { rows } = await client.query<{ user: string }>(
          "SELECT usename::text AS user FROM pg_stat_activity WHERE application_name = 'greenlight-look'",
        );
        for (const { user } of rows) seen.add(user);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
  const looks = look();
  const { outcome, cause } = await world.deploy({ image: 'shop:v7', ...quick });
  looking = false;
  await looks;
  expect([outcome, cause]).toEqual(['DeploymentSucceeded', '']);
  expect(await world.serving()).toEqual(['v7']);
  expect(world.url).toMatch(/^https:/);
  expect([world.load.lost(), world.load.announced()]).toEqual([0, 0]);
  expect([...seen]).toContain('looker');
  expect(world.cloud.services.iam.denials()).toEqual([]);
  await world.rest();
});

it('asks green by the name of the certificate, and does not believe another one', async () => {
  const traffic = { ...world.settings.traffic, testHost: 'green.example.com' };
  await world.configure({ traffic });
  const ended = await world.deploy({ image: 'shop:v2', ...quick });
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.stringContaining('green.example.com')]);
  await world.configure({});
  await world.rest();
});

it('takes a snapshot and restores it, as the key encrypts both', async () => {
  expect(ofKeys().length).toBeGreaterThan(20);
  const restored = await stories['half-applied migration of a closed service']!(world);
  expect([restored.outcome, restored.cause]).toEqual(['RolledBack', expect.anything()]);
  const { DBInstances = [] } = await new RDS(world.aws).describeDBInstances({});
  expect(DBInstances.map(({ KmsKeyId }) => KmsKeyId)).toEqual(
    DBInstances.map(() => expect.stringMatching(/^arn:aws:kms:.*:key\/key-/)),
  );
  expect(DBInstances).toHaveLength(2);
  // the reader is led to the restored instance as well
  const { host, port } = await world.connection();
  const { SecretString = '' } = await secrets().getSecretValue({
    SecretId: world.settings.database.readSecret,
  });
  expect(JSON.parse(SecretString)).toMatchObject({ host, port, username: 'looker' });
  expect(world.cloud.services.iam.denials()).toEqual([]);
  await world.rest();
});

it('no step may use the key but those that reach what it encrypts', () => {
  const may = (sid: string) => ofKeys().flatMap(({ name, step }) => (name.endsWith(` ${sid}`) ? [step] : []));
  expect(may('KeysOfDatabases').sort()).toEqual(['PrepareContract', 'RestoreDatabase', 'SnapshotDatabase']);
  expect(may('KeysOfManifests').sort()).toEqual([
    'AnalyseMigrations',
    'ChooseRollback',
    'CompleteDeployment',
  ]);
  expect(may('KeysOfSecrets').length).toBeLessThan(25);
});

it('doctor names what is encrypted with a key that the workflow was not given', async () => {
  const says = async () => (await greenlight(world, 'doctor', 'shop')).out;
  expect(await says()).not.toContain('keys ');
  const KmsKeyId = `arn:aws:kms:${world.aws.region}:000000000000:key/other`;
  await secrets().updateSecret({ SecretId: world.settings.database.readSecret, KmsKeyId });
  expect(await says()).toMatch(
    /STOPS {3}keys {8}the secret that only reads is encrypted with arn:\S+key\/other, which no function/,
  );
  const { outcome, cause } = await world.deploy({ image: 'shop:v2', ...quick });
  expect(outcome).toBe('DeploymentRejected');
  expect(cause).toContain('Access to KMS is not allowed');
  const [given] = world.settings.keys.secrets;
  await secrets().updateSecret({ SecretId: world.settings.database.readSecret, KmsKeyId: given });
});

it.each([
  ['InspectDatabase', 'KeysOfSecrets', 'ReaderSecret'],
  ['CheckMigration', 'KeysOfSecrets', 'DatabaseSecret'],
  ['AnalyseMigrations', 'KeysOfManifests', 'ReadManifests'],
  ['SnapshotDatabase', 'KeysOfDatabases', 'TakeSnapshots'],
  ['RestoreDatabase', 'KeysOfDatabases', 'RestoreSnapshots'],
  ['CompleteDeployment', 'KeysOfManifests', 'WriteAttestations'],
  ['SwitchDatabase', 'KeysOfSecrets', 'RepointSecret'],
])('%s is denied without its statement %s', async (step, sid, like) => {
  const statement = ofKeys().find(({ name }) => name === `${step} ${sid}`)!;
  expect(await denied(world, statement, needs[`${step} ${like}`])).toBe(true);
});
