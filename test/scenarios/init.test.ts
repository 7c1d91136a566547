import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { App, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { bundleReleases } from '../../examples/story/pipeline';
import { type Cloud, startCloud } from '../../local/cloud';
import { AdoptingStack, SERVICE } from './adopting/stack';
import { typed } from './greenlight';
import { type Load, startLoad } from './world/load';
import { quick } from './world/quick';
import { migrate } from './world/tasks';

jest.setTimeout(900_000);

const ROOT = join(__dirname, '..', '..');
const IMAGES = join(ROOT, 'examples', 'images.json');
/** The stack of the app that is written. */
const RELEASES = 'ShopTodayReleases';

/** Cloud time runs fast, and a busy machine's work does not. */
const PATIENT = {
  greenSeconds: 7_200,
  evidenceSeconds: 7_200,
  migrationSeconds: 7_200,
  rollbackSeconds: 7_200,
};

let folder: string;
let cloud: Cloud;
let load: Load;

const greenlight = (...args: string[]) => typed(cloud, ...args);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-init-'));
  const app = new App({ outdir: join(folder, 'cloud'), builtinCloudFormationValidation: false });
  new AdoptingStack(app, 'Shop', { stage: 'before' });
  // in whose place the written app comes
  new StringParameter(new Stack(app, RELEASES), 'Nothing', { stringValue: 'yet' });
  app.synth();
  cloud = await startCloud({ assembly: join(folder, 'cloud'), images: IMAGES, speed: 20 });
  const aws = {
    ...{ region: cloud.region, endpoint: cloud.endpoint },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const { Listeners } = await new ElasticLoadBalancingV2Client(aws).send(
    new DescribeListenersCommand({ ListenerArns: [cloud.outputs.ProductionListenerArn ?? ''] }),
  );
  const settings = {
    cluster: cloud.outputs.ClusterArn ?? '',
    migrations: { taskDefinition: 'shop-migration', container: 'shop', subnets: ['subnet-1'] },
  };
  await migrate({ settings, clients: { ecs: new ECSClient(aws) } }, ['node', 'migrate.mjs', 'up']);
  load = startLoad(`http://127.0.0.1:${Listeners?.[0]?.Port}`, 100);
});
afterAll(async () => {
  await load?.stop();
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});

const own = () => join(folder, 'app');
const MIGRATES = ['--tool', 'dbmate', '--up', 'node migrate.mjs up', '--down', 'node migrate.mjs revert'];

it('prints the app and writes nothing when it is asked to, and says what it could not read', async () => {
  const { code, out } = await greenlight('init', own(), '--dry-run', '--json');
  const told = JSON.parse(out);
  expect(code).toBe(1);
  expect(told).toMatchObject({ service: SERVICE, refused: [] });
  expect(told.files.map(({ path, state }: Record<string, string>) => [path, state])).toEqual(
    ['package.json', 'cdk.json', 'tsconfig.json', 'greenlight.json', 'app.ts'].map((path) => [
      path,
      'not written',
    ]),
  );
  expect(told.gaps.map(({ where }: { where: string }) => where)).toEqual([
    expect.stringMatching(/^zone of /),
    expect.stringMatching(/^zone of /),
    'migrations.tool',
    'migrations.command',
    'migrations.revertCommand',
  ]);
  expect(readdirSync(folder)).toEqual(['cloud']);
});

it('names what there is where the service that is asked for is not', async () => {
  const { code, error } = await greenlight('init', own(), '--service', 'wiki');
  expect([code, error]).toEqual([
    1,
    expect.stringMatching(/there is no service "wiki"; there are \S+\/shop-today$/),
  ]);
});

it('writes an app that compiles, and keeps what is there', async () => {
  // settings that a team has already
  cpSync(join(ROOT, 'greenlight.json'), join(own(), 'greenlight.json'));
  const { out } = await greenlight('init', own(), '--environment', 'example', ...MIGRATES);
  expect(out).toMatch(/kept +\S+greenlight\.json/);
  expect(out).toMatch(/written +\S+app\.ts/);
  expect(out).not.toContain('refused');
  const again = await greenlight('init', own());
  expect([again.code, again.error]).toEqual([
    1,
    expect.stringContaining('app.ts is there already, and nothing was written'),
  ]);
  // no value of a secret stands in it
  expect(readFileSync(join(own(), 'app.ts'), 'utf8')).not.toMatch(/password["']?:\s*["']/i);
  symlinkSync(join(ROOT, 'node_modules'), join(own(), 'node_modules'));
  const checked = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { noEmit: true, paths: { greenlight: [join(ROOT, 'lib', 'index.ts')] } },
    include: [],
    files: ['app.ts'],
  };
  writeFileSync(join(own(), 'tsconfig.check.json'), JSON.stringify(checked));
  execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', join(own(), 'tsconfig.check.json')], {
    stdio: 'pipe',
  });
});

it('is deployed once what is open is filled in, users do not notice, and a release runs', async () => {
  const source = join(own(), 'app.ts');
  const zones = ['eu-west-1a', 'eu-west-1b'];
  writeFileSync(
    source,
    readFileSync(source, 'utf8').replaceAll(/"<the availability zone of [^"]*>"/g, () =>
      JSON.stringify(zones.shift()),
    ),
  );
  expect(zones).toEqual([]);
  expect(readFileSync(source, 'utf8')).not.toMatch(/"<[^>]*>"/);
  // as the command line of the CDK starts an app
  process.env.CDK_OUTDIR = join(own(), 'cdk.out');
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:enable-asset-metadata': true });
  jest.doMock('greenlight', () => jest.requireActual('../../lib'), { virtual: true });
  require(source);
  delete process.env.CDK_OUTDIR;
  delete process.env.CDK_CONTEXT_JSON;
  for (const name of readdirSync(join(own(), 'cdk.out')))
    if (name.startsWith('asset.'))
      cpSync(join(own(), 'cdk.out', name), join(folder, 'cloud', name), { recursive: true });
  const template = join(own(), 'cdk.out', `${RELEASES}.template.json`);
  copyFileSync(template, join(folder, 'cloud', `${RELEASES}.template.json`));
  await cloud.update(RELEASES, JSON.parse(readFileSync(template, 'utf8')));
  expect(load.lost()).toBe(0);
  const aws = {
    ...{ region: cloud.region, endpoint: cloud.endpoint },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  await bundleReleases({ aws, images: IMAGES, location: cloud.outputs.ManifestsLocation ?? '' });
  const request = join(folder, 'request.json');
  writeFileSync(
    request,
    JSON.stringify({
      ...quick,
      deadlines: PATIENT,
      service: SERVICE,
      image: 'shop:v2',
      reason: 'the first release',
    }),
  );
  const told = await greenlight(
    'deploy',
    '--workflow',
    RELEASES,
    '--file',
    request,
    '--yes',
    '--name',
    'first',
  );
  expect([told.code, told.out]).toEqual([0, expect.stringContaining('DeploymentSucceeded')]);
  expect({ lost: load.lost(), versions: load.versions() }).toEqual({
    lost: 0,
    versions: { v1: expect.any(Number), v2: expect.any(Number) },
  });
});
