import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  type DBSnapshot,
  DescribeDBInstancesCommand,
  paginateDescribeDBSnapshots,
  RDSClient,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Client } from 'pg';
import { bundleReleases } from '../../examples/story/pipeline';
import { type Cloud, startCloud } from '../../local/cloud';
import type { Fault } from '../../local/endpoint';
import type { Invocation } from '../../local/service';
import type { JournalRow } from '../../src/aws/journal';
import { type Settings, type SettingsInput, settingsSchema } from '../../src/domain/settings/settings';
import { fingerprintOf } from '../../src/postgres/fingerprint';
import type { Connection } from '../migrations/server';
import { type Load, startLoad } from './load';
import { beginAgain, versionsOf } from './renew';
import { keepServingDatabase, startAgain } from './rest';

/** Where the example's service has its settings. */
const SETTINGS = '/greenlight/Shop/shop';

const root = join(__dirname, '..', '..');

/** How a deployment ended: the state it ended in, what it says, and the states it entered. */
export interface Ended {
  outcome: string;
  cause: string;
  /** What a success gives. */
  output: unknown;
  path: string[];
  events: HistoryEvent[];
  name: string;
}

/** A local cloud with the example at v1, its data, and users; and what a test asks of the world afterwards. */
export interface World {
  cloud: Cloud;
  /** What an SDK client is made with to ask this cloud, with every permission. */
  aws: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  settings: Settings;
  /** Users since the world began, or began anew. */
  load: Load;
  /** Where users ask: the production listener. */
  url: string;
  deploy(request: Record<string, unknown>, name?: string): Promise<Ended>;
  start(request: unknown, name?: string): Promise<string>;
  ended(execution: string): Promise<Ended>;
  /** Ends the execution from outside, as the console does: nothing of the graph runs any more. */
  stop(execution: string): Promise<void>;
  /** What people were asked last by the deployment, and the link that answers it; undefined when it ended without asking. */
  asked(execution: string): Promise<{ subject: string; text: string; link: string } | undefined>;
  /** The states that the execution has entered so far. */
  path(execution: string): Promise<string[]>;
  /** Resolves once the execution has entered a state; false when it ended without. */
  entered(execution: string, state: string): Promise<boolean>;
  /**
   * Starts a deployment and stops its execution in a state of the graph: before a step has done anything, or after its
   * effect, when only the execution does not know of it. Resolves with the deployment's name.
   */
  abandon(
    request: Record<string, unknown>,
    at: { state: string; when?: 'before' | 'after' },
  ): Promise<string>;
  /** ARN of an execution by its name. */
  execution(name: string): string;
  /** Redrives an execution that has ended, and resolves with how it ended then. */
  redrive(execution: string): Promise<Ended>;
  /** Names of all executions. */
  executions(): Promise<string[]>;
  /** Resolves with the ARN of the execution of this name once it has begun. */
  begun(name: string): Promise<string>;
  /** Resolves with the end of the execution of this name, which may not have begun yet. */
  endOf(name: string): Promise<Ended>;
  /** Calls a function that stands beside the graph, as its schedule does. */
  wake(name: 'Reconcile' | 'RetirePrevious'): Promise<Invocation>;
  /** Asks for the version before a deployment, and resolves with how that ended. */
  rollBack(deployment: string): Promise<Ended>;
  /** Does the deployment that holds the lock wait for a person? */
  stuck(): Promise<boolean>;
  /** The production rule's weights, by slot. */
  weights(): Promise<Record<'a' | 'b', number>>;
  /** The versions that answer users now: some requests through the production listener. */
  serving(): Promise<string[]>;
  schema(): Promise<{ fingerprint: string; applied: string[] }>;
  /** Uses a session of the database, which ends afterwards. */
  inSession<T>(use: (client: Client) => Promise<T>): Promise<T>;
  query<Row extends object>(sql: string): Promise<Row[]>;
  /** How a program is told of the database. */
  connection(): Promise<Connection>;
  /** The database's password: a test looks for it where it must not be. */
  password(): Promise<string>;
  /** Holds a table as a forgotten transaction does, which has read it, under a name if one is given; the result lets go. */
  holdLock(
    table: string,
    application?: string,
    mode?: 'ACCESS SHARE' | 'ROW EXCLUSIVE',
  ): Promise<() => Promise<void>>;
  /** Stops the server's processes for an application name, so that no signal ends them; the result lets them go on. */
  freeze(application: string): Promise<() => void>;
  /** All users get the maintenance page. */
  isClosed(): Promise<boolean>;
  /** A session of the database under a name, as a person or another program holds it; the result ends it. */
  connectAs(program: string): Promise<() => Promise<void>>;
  /** Who holds the lock; undefined when it is free. */
  lockHolder(): Promise<string | undefined>;
  running(): Promise<Record<'a' | 'b', number>>;
  /** Stops one of a slot's tasks from outside, as a person does by mistake. */
  loseTask(slot: 'a' | 'b'): Promise<void>;
  /** One-shot tasks with this mark, running or stopped. */
  marked(startedBy: string): Promise<{ status: string }[]>;
  /** One-shot tasks that run now. */
  migrationTasks(): Promise<number>;
  /** SIGKILL to everything that the one running task with this mark has started, as when a container is killed. */
  killTask(startedBy: string): Promise<void>;
  /** The database does not run until the result is called: RDS has stopped it. */
  stopDatabase(): Promise<() => Promise<void>>;
  /** SIGKILL to the server of the first database; it is started again and recovers, as on RDS. */
  crashDatabase(): Promise<void>;
  snapshots(): Promise<{ name: string; status: string; createdAt?: Date }[]>;
  /** What the deployment's steps wrote, in their order. */
  journal(deployment: string): Promise<JournalRow[]>;
  /** Changes the service's settings for the deployments to come. */
  configure(changes: Partial<SettingsInput>): Promise<void>;
  setWeights(weights: Record<'a' | 'b', number>): Promise<void>;
  /** Puts the world back to rest after a deployment that ended half-way: one slot serves, the lock is free, v1's schema. */
  rest(): Promise<void>;
  /** Puts the world back to its beginning: v1 in slot a, its schema, its settings, no snapshots, and new users. */
  renew(rate: number): Promise<void>;
  /** Puts a fault at the boundary of the cloud, and takes all faults away again. */
  fault(fault: Fault): void;
  mend(): void;
  /** The faults that are still to come. */
  faults(): readonly Fault[];
  close(): Promise<void>;
}

export interface WorldOptions {
  speed?: number;
  /** Users' requests per second of real time; 0 for none. */
  rate?: number;
  /** `aws`: load balancers publish by the minute, and late. */
  metrics?: 'aws';
  propagationMs?: number;
  /**
   * How many times longer than set a deployment waits for anything. Cloud time that runs fast comes to its deadlines
   * before the real work of a busy machine is done, and a test must not depend on that.
   */
  patience?: number;
  /** Another assembly than the synthesised one. */
  assembly?: string;
  /** Another image map than the example's. */
  images?: string;
  /** Where the cloud's files go. */
  directory?: string;
}

const pathOf = (events: HistoryEvent[]) =>
  events.flatMap(({ stateEnteredEventDetails }) =>
    stateEnteredEventDetails ? [stateEnteredEventDetails.name ?? ''] : [],
  );

/** How long a step is held, in cloud time, so that a stop meets it. */
const HELD_MS = 60_000;

/** Polls without a bound of its own: the test's own time limit is the bound. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The world that the suites of one file have in common, once they do; `place` is what it cannot change. */
let shared: { world: World; place: string } | undefined;
let sharing = false;

/**
 * From now on a world is not ended but given to who starts one next, put back to its beginning: a new world and its first
 * deployment cost as much CPU as four more deployments. The result ends the last one.
 */
export function shareWorlds(): () => Promise<void> {
  sharing = true;
  return async () => {
    sharing = false;
    await shared?.world.close();
  };
}

export async function startWorld({
  rate = 200,
  speed = 20,
  propagationMs,
  metrics,
  patience = 1,
  assembly = join(root, 'cdk.out'),
  images = join(root, 'examples', 'images.json'),
  directory,
}: WorldOptions = {}): Promise<World> {
  const place = JSON.stringify({ speed, propagationMs, metrics, patience, assembly, images, directory });
  if (shared?.place === place) {
    await shared.world.renew(rate);
    return shared.world;
  }
  const cloud = await startCloud({
    assembly,
    images,
    speed,
    propagationMs,
    metrics,
    directory,
  });
  try {
    const world = await inhabit(cloud, images, rate, patience);
    if (sharing) shared ??= { world, place };
    return world;
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

/** Settings of a service that waits longer for everything, and goes back by itself for longer. */
function patiently(settings: Settings, patience: number): Settings {
  const longer = <Times extends object>(times: Times): Times =>
    Object.fromEntries(
      Object.entries(times).map(([name, seconds]) => [name, Math.min(seconds * patience, 86_400)]),
    ) as Times;
  const { automaticSeconds, confirmSeconds, ...rollback } = settings.rollback;
  return {
    ...settings,
    deadlines: longer(settings.deadlines),
    rollback: { ...rollback, ...longer({ automaticSeconds, confirmSeconds }) },
  };
}

async function inhabit(cloud: Cloud, images: string, rate: number, patience: number): Promise<World> {
  const aws = {
    region: cloud.region,
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const sfn = new SFNClient(aws);
  const elb = new ElasticLoadBalancingV2Client(aws);
  const ecs = new ECSClient(aws);
  const rds = new RDSClient(aws);
  const db = new DynamoDBClient(aws);
  const secrets = new SecretsManagerClient(aws);
  const { StateMachineArn, JournalTable, ProductionListenerArn } = cloud.outputs as Record<string, string>;
  const ssm = new SSMClient(aws);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: SETTINGS }));
  const settings = patiently(settingsSchema.parse(JSON.parse(Parameter?.Value ?? '')), patience);
  await ssm.send(
    new PutParameterCommand({ Name: SETTINGS, Value: JSON.stringify(settings), Overwrite: true }),
  );
  const { cluster, slots, traffic, migrations } = settings;

  // the first version's schema and data
  await migrate(ecs, settings, migrations.command);
  await bundleReleases({
    aws,
    images,
    location: cloud.outputs.ManifestsLocation ?? '',
  });
  const { Listeners } = await elb.send(
    new DescribeListenersCommand({ ListenerArns: [ProductionListenerArn!] }),
  );
  const url = `http://127.0.0.1:${Listeners?.[0]?.Port}`;

  async function historyOf(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken }),
      );
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    return events;
  }

  const over = async (executionArn: string) =>
    (await sfn.send(new DescribeExecutionCommand({ executionArn }))).status !== 'RUNNING' || undefined;

  async function ended(executionArn: string): Promise<Ended> {
    await until(() => over(executionArn));
    const events = await historyOf(executionArn);
    const path = pathOf(events);
    const cause = events.at(-1)?.executionFailedEventDetails?.cause ?? '';
    const output = JSON.parse(events.at(-1)?.executionSucceededEventDetails?.output ?? 'null');
    const name = executionArn.split(':').at(-1) ?? '';
    return { outcome: path.at(-1) ?? '', cause, output, path, events, name };
  }

  async function start(request: unknown, name = `t-${randomUUID().slice(0, 8)}`): Promise<string> {
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: StateMachineArn, name, input: JSON.stringify(request) }),
    );
    return executionArn ?? '';
  }

  async function connect(program = 'a test'): Promise<Client> {
    const { caFile, ...connection } = await world.connection();
    const client = new Client({
      ...connection,
      ssl: { ca: readFileSync(caFile, 'utf8') },
      application_name: program,
    });
    // a server that goes away is noticed by the next statement
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async function connected<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const client = await connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }

  const versions = await versionsOf(ecs, settings);

  const world: World = {
    cloud,
    aws,
    settings,
    load: startLoad(url, rate),
    url,
    start,
    ended,
    async asked(executionArn) {
      const command = `greenlight approve ${executionArn.split(':').at(-1)} `;
      const told = () => cloud.services.sns.recent().findLast(({ message }) => message.includes(command));
      const ended = await until(async () =>
        told() ? { ended: false } : (await over(executionArn)) && { ended: true },
      );
      if (ended.ended) return undefined;
      const { subject = '', message: text = '' } = told() ?? {};
      return { subject, text, link: /http\S+$/.exec(text)?.[0] ?? '' };
    },
    async stop(executionArn) {
      await sfn.send(new StopExecutionCommand({ executionArn }));
    },
    path: async (execution) => pathOf(await historyOf(execution)),
    entered: (execution, state) =>
      until(async () => (await world.path(execution)).includes(state) || ((await over(execution)) && false)),
    async deploy(request, name) {
      return ended(await start({ service: 'shop', reason: 'a test', ...request }, name));
    },
    async abandon(request, { state, when = 'before' }) {
      const name = `t-${randomUUID().slice(0, 8)}`;
      // a step that acts checks the fence first; an answer is held back after the effect and its row
      const target = `Greenlight${state}`;
      cloud.faults.add(
        when === 'before'
          ? { operation: 'dynamodb:UpdateItem', kind: 'slow', delayMs: HELD_MS, role: target, times: 1 }
          : { operation: 'lambda:Invoke', kind: 'slow', delayMs: HELD_MS, target, times: 1 },
      );
      const execution = await start({ service: 'shop', reason: 'a test', ...request }, name);
      if (!(await world.entered(execution, state))) throw new Error(`${name} never entered ${state}`);
      if (when === 'after') await new Promise((resolve) => setTimeout(resolve, 1000));
      await world.stop(execution);
      return name;
    },
    execution: (name) => `${StateMachineArn!.replace(':stateMachine:', ':execution:')}:${name}`,
    async redrive(executionArn) {
      await sfn.send(new RedriveExecutionCommand({ executionArn }));
      return ended(executionArn);
    },
    async executions() {
      const { executions = [] } = await sfn.send(
        new ListExecutionsCommand({ stateMachineArn: StateMachineArn, maxResults: 1000 }),
      );
      return executions.map(({ name }) => name ?? '');
    },
    async begun(name) {
      const executionArn = world.execution(name);
      await until(() =>
        sfn.send(new DescribeExecutionCommand({ executionArn })).then(
          () => true,
          () => undefined,
        ),
      );
      return executionArn;
    },
    endOf: async (name) => ended(await world.begun(name)),
    async wake(name) {
      const found = [...cloud.services.lambda.functions.values()].find((fn) =>
        fn.name.includes(`Greenlight${name}`),
      );
      return cloud.services.lambda.invoke(found!.arn, {});
    },
    async rollBack(deploymentId) {
      const request = { resume: 'rollback', deploymentId, requestedBy: 'an operator', reason: 'a test' };
      return ended(await start(request));
    },
    async stuck() {
      const { Item } = await db.send(
        new GetItemCommand({
          TableName: JournalTable,
          Key: { pk: { S: 'service#shop' }, sk: { S: 'lock' } },
        }),
      );
      return Item?.stuck?.BOOL ?? false;
    },
    async weights() {
      const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [traffic.productionRule] }));
      const groups = Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
      const of = (slot: 'a' | 'b') =>
        groups.find(({ TargetGroupArn }) => TargetGroupArn === slots[slot].targetGroup)?.Weight ?? 0;
      return { a: of('a'), b: of('b') };
    },
    async serving() {
      const seen = new Set<string>();
      for (let request = 0; request < 40; request++) {
        const response = await fetch(`${url}/version`);
        seen.add(
          response.ok ? ((await response.json()) as { version: string }).version : String(response.status),
        );
      }
      return [...seen].sort();
    },
    schema: () =>
      connected(async (client) => {
        const { rows } = await client.query<{ version: string }>(
          'SELECT version FROM schema_migrations ORDER BY 1',
        );
        return {
          fingerprint: await fingerprintOf(client, ['schema_migrations']),
          applied: rows.map(({ version }) => version),
        };
      }),
    async connection() {
      const { SecretString } = await secrets.send(
        new GetSecretValueCommand({ SecretId: settings.database.secret }),
      );
      const { host, port, dbname: database, username: user, password } = JSON.parse(SecretString ?? '{}');
      return { host, port, database, user, password, caFile: cloud.caFile };
    },
    inSession: connected,
    query: (sql) => connected(async (client) => (await client.query(sql)).rows),
    password: async () => (await world.connection()).password,
    async holdLock(table, application = '', mode = 'ACCESS SHARE') {
      const client = await connect();
      await client.query("SELECT set_config('application_name', $1, false)", [application]);
      await client.query('BEGIN');
      await client.query(`LOCK TABLE ${client.escapeIdentifier(table)} IN ${mode} MODE`);
      return () => client.end();
    },
    async freeze(application) {
      const backends = await world.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name = '${application}'`,
      );
      for (const { pid } of backends) process.kill(pid, 'SIGSTOP');
      return () => {
        for (const { pid } of backends) process.kill(pid, 'SIGCONT');
      };
    },
    async isClosed() {
      const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [traffic.productionRule] }));
      const groups = Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
      return groups.every(
        ({ TargetGroupArn, Weight = 0 }) =>
          Weight > 0 === (TargetGroupArn === settings.maintenance?.targetGroup),
      );
    },
    async connectAs(program) {
      const client = await connect(program);
      return () => client.end();
    },
    async lockHolder() {
      const { Item } = await db.send(
        new GetItemCommand({
          TableName: JournalTable,
          Key: { pk: { S: 'service#shop' }, sk: { S: 'lock' } },
        }),
      );
      return Item?.holder?.S;
    },
    async running() {
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster, services: [slots.a.service, slots.b.service] }),
      );
      const of = (slot: 'a' | 'b') =>
        services.find(({ serviceName }) => serviceName === slots[slot].service)?.runningCount ?? -1;
      return { a: of('a'), b: of('b') };
    },
    async loseTask(slot) {
      const { taskArns = [] } = await ecs.send(
        new ListTasksCommand({ cluster, serviceName: slots[slot].service }),
      );
      await ecs.send(new StopTaskCommand({ cluster, task: taskArns[0], reason: 'by mistake' }));
    },
    async marked(startedBy) {
      const arns = await Promise.all(
        (['RUNNING', 'STOPPED'] as const).map(async (desiredStatus) => {
          const { taskArns = [] } = await ecs.send(
            new ListTasksCommand({ cluster, startedBy, desiredStatus }),
          );
          return taskArns;
        }),
      );
      if (arns.flat().length === 0) return [];
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: arns.flat() }));
      return tasks.map(({ lastStatus = '' }) => ({ status: lastStatus }));
    },
    async migrationTasks() {
      const { taskArns = [] } = await ecs.send(
        new ListTasksCommand({ cluster, family: migrations.taskDefinition }),
      );
      return taskArns.length;
    },
    async killTask(startedBy) {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, startedBy }));
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      // locally a container is a process group, and its runtime id is its leader's
      process.kill(-Number(tasks[0]?.containers?.[0]?.runtimeId), 'SIGKILL');
    },
    async crashDatabase() {
      cloud.services.rds.serverOf(settings.database.instance)?.kill('SIGKILL');
    },
    async stopDatabase() {
      const DBInstanceIdentifier = settings.database.instance;
      await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
      return async () => {
        const status = async () =>
          (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }))).DBInstances?.[0]
            ?.DBInstanceStatus;
        await until(async () => (await status()) === 'stopped' || undefined);
        await rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier }));
        await until(async () => (await status()) === 'available' || undefined);
      };
    },
    async snapshots() {
      const all: DBSnapshot[] = [];
      for await (const { DBSnapshots = [] } of paginateDescribeDBSnapshots({ client: rds }, {}))
        all.push(...DBSnapshots);
      return all.map(({ DBSnapshotIdentifier, Status, SnapshotCreateTime }) => ({
        name: DBSnapshotIdentifier ?? '',
        status: Status ?? '',
        createdAt: SnapshotCreateTime,
      }));
    },
    async journal(deployment) {
      const { Items = [] } = await db.send(
        new QueryCommand({
          TableName: JournalTable,
          KeyConditionExpression: 'pk = :deployment AND begins_with(sk, :steps)',
          ExpressionAttributeValues: {
            ':deployment': { S: `deployment#${deployment}` },
            ':steps': { S: 'step#' },
          },
        }),
      );
      return Items.map(({ step, phase, at, result }) => ({
        step: step?.S ?? '',
        phase: phase?.S ?? '',
        at: at?.S ?? '',
        result: JSON.parse(result?.S ?? 'null'),
      }));
    },
    async configure(changes) {
      const Value = JSON.stringify({ ...settings, ...changes });
      await ssm.send(new PutParameterCommand({ Name: SETTINGS, Value, Overwrite: true }));
    },
    async setWeights(weights) {
      await elb.send(
        new ModifyRuleCommand({
          RuleArn: traffic.productionRule,
          Actions: [
            {
              Type: 'forward',
              ForwardConfig: {
                TargetGroups: (['a', 'b'] as const).map((slot) => ({
                  TargetGroupArn: slots[slot].targetGroup,
                  Weight: weights[slot],
                })),
              },
            },
          ],
        }),
      );
    },
    async rest() {
      cloud.faults.clear();
      const { a, b } = await world.running();
      if (a + b === 0) await startAgain({ ecs, elb, db }, settings, JournalTable!);
      await keepServingDatabase({ rds, db, secrets }, settings, JournalTable!);
      await settle(ecs, db, settings, JournalTable!, world);
    },
    async renew(rate) {
      await world.rest();
      await world.configure({});
      await beginAgain({ ecs, elb, rds }, settings, versions, world);
      await world.load.stop();
      world.load = startLoad(url, rate);
    },
    fault: (fault) => cloud.faults.add(fault),
    mend: () => cloud.faults.clear(),
    faults: () => cloud.faults.list(),
    async close() {
      await world.load.stop();
      if (!(sharing && shared?.world === world)) await cloud.close();
    },
  };
  return world;
}

/** What an operator does after NeedsOperator. */
async function settle(
  ecs: ECSClient,
  db: DynamoDBClient,
  settings: Settings,
  table: string,
  world: World,
): Promise<void> {
  const key = (sk: string) => ({ pk: { S: 'service#shop' }, sk: { S: sk } });
  const { a, b } = await world.running();
  const weights = await world.weights();
  const live = a > 0 && (b === 0 || weights.a >= weights.b) ? 'a' : 'b';
  await world.setWeights({ a: live === 'a' ? 100 : 0, b: live === 'b' ? 100 : 0 });
  const idle = live === 'a' ? 'b' : 'a';
  const { cluster, slots, migrations } = settings;
  await ecs.send(new UpdateServiceCommand({ cluster, service: slots[idle].service, desiredCount: 0 }));
  await until(async () => (await world.running())[idle] === 0 || undefined);
  await until(async () => (await world.migrationTasks()) === 0 || undefined);
  await migrate(ecs, settings, [...migrations.revertCommand, FIRST_MIGRATION]);
  await db.send(
    new UpdateItemCommand({ TableName: table, Key: key('lock'), UpdateExpression: 'REMOVE holder, expires' }),
  );
  await db.send(new DeleteItemCommand({ TableName: table, Key: key('live') }));
}

/** The migration of v1. */
const FIRST_MIGRATION = '20260105090000';

/** Runs a command of the service's own migration task, as an operator would. */
async function migrate(ecs: ECSClient, { cluster, migrations }: Settings, command: string[]): Promise<void> {
  const { tasks } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition: migrations.taskDefinition,
      launchType: 'FARGATE',
      overrides: { containerOverrides: [{ name: migrations.container, command }] },
      networkConfiguration: { awsvpcConfiguration: { subnets: migrations.subnets } },
    }),
  );
  const task = tasks?.[0]?.taskArn ?? '';
  const exitCode = await until(async () => {
    const seen = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
    return seen.tasks?.[0]?.lastStatus === 'STOPPED'
      ? { code: seen.tasks[0].containers?.[0]?.exitCode }
      : undefined;
  });
  if (exitCode.code !== 0) throw new Error(`${command.join(' ')} ended with exit code ${exitCode.code}`);
}
