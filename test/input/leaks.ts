import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { quick } from '../scenarios/stories';
import type { Ended, World } from '../scenarios/world';
import { until } from '../scenarios/world/ground';
import { inProcess } from './command';
import { SECRETS } from './planted';
import { everythingSaid } from './said';

/** A migration task whose environment holds a token, and whose tool prints where it connects to. */
async function plant(world: World): Promise<void> {
  const ecs = new ECSClient(world.aws);
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: world.settings.migrations.taskDefinition }),
  );
  const { family, containerDefinitions = [], ...rest } = taskDefinition!;
  const planted = [
    { name: 'API_TOKEN', value: SECRETS['the environment of the tasks'] },
    { name: 'PRINTED', value: SECRETS['what the migration tool prints'] },
  ];
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: family!,
      cpu: rest.cpu,
      memory: rest.memory,
      networkMode: rest.networkMode,
      requiresCompatibilities: rest.requiresCompatibilities,
      taskRoleArn: rest.taskRoleArn,
      executionRoleArn: rest.executionRoleArn,
      containerDefinitions: containerDefinitions.map((container) => ({
        ...container,
        environment: [...(container.environment ?? []), ...planted],
      })),
    }),
  );
  // a command is no secret, and travels with the settings: it only names what it prints
  const printing = 'echo "postgres://shop:$DB_PASSWORD@db/$PRINTED" >&2; env >&2; node migrate.mjs up';
  const { migrations } = world.settings;
  await world.configure({ migrations: { ...migrations, command: ['sh', '-c', printing], opaque: 'allow' } });
}

/** Where the command line finds the world. */
const awsOf = ({ cloud }: World) => ({
  AWS_ENDPOINT_URL: cloud.endpoint,
  AWS_REGION: cloud.region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
});

/** Where migrations themselves are read: in the manifest, and by who runs the command line on the project's files. */
const OF_MIGRATIONS = /^(manifests|(check|plan|bundle) of )/;
/** What only they may hold: a value in SQL is the migration. A password is nowhere. */
const LITERALS: ReadonlySet<string> = new Set([
  'a row that a migration inserts twice',
  'a row that fails a check',
  'a row on which the previous version fails',
  'a default of a column',
  'a value that a migration writes everywhere',
]);

/** The one that succeeds comes last, because its migrations stay; of one only the plan is asked for. */
const TAGS = ['twice', 'failing', 'broken', 'everywhere', 'roles'];

/**
 * Deploys releases with secrets in them, and says which secret can be read where; `ends` is how they ended, `logged` which of
 * them the functions' logs are about.
 */
export async function leaksOf(
  world: World,
  folder: (name: string) => string,
): Promise<{ ends: string[]; logged: string[]; reported: string[]; leaks: string[] }> {
  await plant(world);
  const told: Ended[] = [await careless(world), await explained(world), await stopped(world)];
  for (const tag of TAGS)
    told.push(
      await world.deploy(
        { image: `shop:v2-${tag}`, dryRun: tag === 'everywhere', ...quick },
        `release-${tag}`,
      ),
    );
  const said = { ...(await everythingSaid(world, told)), ...(await printed(world, told, folder)) };
  const secrets = { ...SECRETS, 'the password of the database': await world.password() };
  const leaks = Object.entries(said).flatMap(([where, text]) =>
    Object.entries(secrets)
      .filter(([what]) => !(OF_MIGRATIONS.test(where) && LITERALS.has(what)))
      .filter(([, secret]) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
      .map(([what]) => `${where}: ${what}`),
  );
  const all = ['careless', 'visits', 'asleep', ...TAGS];
  const logged = all.filter((tag) => said.logs?.includes(`deploymentId\\":\\"release-${tag}`)).sort();
  const reported = all.filter((tag) => said.reports?.includes(`release-${tag}.html`)).sort();
  return { ends: told.map(({ outcome, cause }) => `${outcome}: ${cause}`), logged, reported, leaks };
}

/** A version that prints rows where it cannot start becomes the live one. */
const careless = (world: World) =>
  world.deploy({ image: 'shop:v1-careless', migrations: 'none', ...quick }, 'release-careless');

/** A release whose reason holds what people paste, and on whose schema the previous version cannot start. */
async function explained(world: World): Promise<Ended> {
  const reason = [
    `for ${SECRETS['somebody in a reason']} and ${SECRETS['a customer in a reason']}:`,
    `psql postgres://ann:${SECRETS['a password in a reason']}@db/shop`,
    `said Key (email)=(${SECRETS['a row in a reason']}) already exists.`,
  ].join(' ');
  const options = ['--service', 'shop', '--image', 'shop:v2-visits', '--name', 'release-visits', '--detach'];
  const { code, error } = await inProcess(
    ['deploy', '--workflow', 'Shop', ...options, '--reason', reason],
    awsOf(world),
  );
  if (code !== 0) throw new Error(error);
  return world.endOf('release-visits');
}

/** A release whose migration does not end until somebody stops its task, and says why. */
async function stopped(world: World): Promise<Ended> {
  const execution = await world.start(
    { service: 'shop', image: 'shop:v2-asleep', requestedBy: 'a test', reason: 'a test', ...quick },
    'release-asleep',
  );
  const ecs = new ECSClient(world.aws);
  const { cluster, migrations } = world.settings;
  const task = await until(async () => {
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, family: migrations.taskDefinition }));
    return taskArns?.[0];
  });
  const why = SECRETS['why somebody stopped a task'];
  await ecs.send(
    new StopTaskCommand({ cluster, task, reason: `postgres://ann:${why}@db would not take "${why}"` }),
  );
  return world.ended(execution);
}

/** What the command line prints of the deployments and of their migrations. */
async function printed(world: World, told: readonly Ended[], folder: (name: string) => string) {
  const said: Record<string, string> = {};
  const run = async (where: string, args: string[]) => {
    const [text, json] = [
      await inProcess(args, awsOf(world)),
      await inProcess([...args, '--json'], awsOf(world)),
    ];
    said[where] = JSON.stringify([text, json]);
  };
  for (const { name } of told) await run(`report of ${name}`, ['report', name, '--workflow', 'Shop']);
  for (const tag of TAGS)
    for (const verb of ['check', 'plan', 'bundle'])
      await run(`${verb} of ${tag}`, [verb, folder(tag), '--tool', 'dbmate']);
  return said;
}
