import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import type { SettingsInput } from '../../src/domain/settings/settings';
import type { World } from './world';
import { until } from './world/ground';

type Worker = NonNullable<SettingsInput['workers']>[number];

/** The example's worker at work: it packs the parcels that come in all the time. */
export interface Packing {
  service: string;
  /** Parcels by the version that packed them; under `''` those that wait. */
  packed(): Promise<Record<string, number>>;
  /** What stood in the way of packing a parcel: a version that met a schema it does not know. */
  problems(): Promise<string[]>;
  /** What the worker runs, and how many of its tasks do. */
  runs(): Promise<{ taskDefinition: string; running: number; desired: number }>;
  /** Resolves once this version has packed more than so many; by default one more than it has. */
  packs(version: string, than?: number): Promise<void>;
  /** The rule's target and the schedule, with the revision that they start apart from all else. */
  started(): Promise<Record<'rule' | 'schedule', { taskDefinition: string } & Record<string, unknown>>>;
  imageOf(taskDefinition: string): Promise<string>;
  /** Has an event start a job by the rule, one that does not end by itself; the second resolves with its id once it has ended. */
  startJob(): Promise<void>;
  stopJob(): Promise<string>;
  /** Nobody sends a parcel any more; what waits is packed. */
  hold(): Promise<void>;
  /** Takes the worker's service away, as somebody does who thinks that nobody needs it, and makes it again. */
  remove(): Promise<void>;
  create(): Promise<void>;
  /** From now on it runs a copy of its revision, which is deregistered then. */
  deregister(): Promise<void>;
  /** The schedule begins, and resolves once that is so long ago that it could not be told to begin then. */
  begin(): Promise<void>;
  /** Puts the worker back to its beginning, and takes the parcels away. */
  end(): Promise<void>;
}

/** How it is deployed: how long a task has to run is cut, because the cloud's time runs fast. */
export const packing = (world: World, more: Partial<Worker> = {}): Worker =>
  ({
    kind: 'service',
    service: world.cloud.outputs.WorkerService ?? '',
    container: 'shop',
    steadySeconds: 5,
    ...more,
  }) as Worker;

/** What EventBridge starts, by its rule and by its schedule. */
export const batches = (world: World, more: Partial<Worker> = {}): Worker[] => {
  const { WorkerRule: rule = '', WorkerSchedule: schedule = '' } = world.cloud.outputs;
  return [
    { kind: 'rule', rule, target: 'Target0', container: 'shop', ...more },
    { kind: 'schedule', schedule, container: 'shop', ...more },
  ] as Worker[];
};

/** Has the example's worker service keep so many tasks, and its schedule start some or none. */
export async function keepWorkers(world: World, desiredCount: number): Promise<void> {
  const ecs = new ECSClient(world.aws);
  const scheduler = new SchedulerClient(world.aws);
  const { WorkerService: service, WorkerSchedule: Name } = world.cloud.outputs;
  await ecs.send(new UpdateServiceCommand({ cluster: world.settings.cluster, service, desiredCount }));
  const schedule = await scheduler.send(new GetScheduleCommand({ Name }));
  const State = desiredCount > 0 ? 'ENABLED' : 'DISABLED';
  await scheduler.send(new UpdateScheduleCommand({ ...schedule, State } as UpdateScheduleCommandInput));
}

const EVERY_MS = 50;

export async function startPacking(world: World): Promise<Packing> {
  const ecs = new ECSClient(world.aws);
  const { cluster } = world.settings;
  const service = world.cloud.outputs.WorkerService ?? '';
  const describe = async () => {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
    const { taskDefinition = '', runningCount = 0, desiredCount = 0, ...more } = services?.[0] ?? {};
    const { status, deployments, networkConfiguration: network } = more;
    const counts = { running: runningCount, desired: desiredCount };
    return { taskDefinition, ...counts, alone: deployments?.length === 1, status, network };
  };
  const jobs = async () =>
    (await ecs.send(new ListTasksCommand({ cluster, family: 'shop-batch' }))).taskArns ?? [];
  const first = await describe();
  const run = async (desiredCount: number) => {
    await ecs.send(
      new UpdateServiceCommand({ cluster, service, taskDefinition: first.taskDefinition, desiredCount }),
    );
    await until(async () => {
      const { running, alone } = await describe();
      return (alone && running === desiredCount) || undefined;
    });
  };
  await world.query(
    'CREATE TABLE parcels (id bigserial PRIMARY KEY, order_id bigint NOT NULL, packed_by text, problem text)',
  );
  await run(1);
  let sending = Promise.resolve();
  const timer = setInterval(() => {
    // one after the other, also where the database is away for a while
    sending = sending
      .then(() => world.query('INSERT INTO parcels (order_id) VALUES (1)'))
      .then(
        () => {},
        () => {},
      );
  }, EVERY_MS);
  const packed = async () => {
    const rows = await world.query<{ version: string; count: string }>(
      "SELECT coalesce(packed_by, '') AS version, count(*) AS count FROM parcels GROUP BY 1",
    );
    return Object.fromEntries(rows.map(({ version, count }) => [version, Number(count)]));
  };
  const all: Packing = {
    service,
    packed,
    async problems() {
      const rows = await world.query<{ problem: string }>(
        "SELECT DISTINCT packed_by || ': ' || problem AS problem FROM parcels WHERE problem IS NOT NULL",
      );
      return rows.map(({ problem }) => problem);
    },
    async runs() {
      const { taskDefinition, running, desired } = await describe();
      return { taskDefinition, running, desired };
    },
    async packs(version, than) {
      const before = than ?? (await packed())[version] ?? 0;
      await until(async () => ((await packed())[version] ?? 0) > before || undefined);
    },
    async started() {
      const { WorkerRule: Rule, WorkerSchedule: Name } = world.cloud.outputs;
      const { Targets = [] } = await new EventBridgeClient(world.aws).send(
        new ListTargetsByRuleCommand({ Rule }),
      );
      const { $metadata, LastModificationDate, ...schedule } = await new SchedulerClient(world.aws).send(
        new GetScheduleCommand({ Name }),
      );
      const apart = <Member extends { TaskDefinitionArn: string | undefined } | undefined>(
        from: object,
        parameters: Member,
      ) => {
        const { TaskDefinitionArn = '', ...others } = parameters ?? {};
        return { ...from, EcsParameters: others, taskDefinition: TaskDefinitionArn };
      };
      return {
        rule: apart(Targets[0] ?? {}, Targets[0]?.EcsParameters),
        schedule: apart(
          { ...schedule, Target: { ...schedule.Target, EcsParameters: undefined } },
          schedule.Target?.EcsParameters,
        ),
      };
    },
    async imageOf(taskDefinition) {
      const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      return described.taskDefinition?.containerDefinitions?.[0]?.image ?? '';
    },
    async startJob() {
      const events = new EventBridgeClient(world.aws);
      const { WorkerRule: Rule } = world.cloud.outputs;
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
      const on = {
        containerOverrides: [{ name: 'shop', environment: [{ name: 'SHOP_MODE', value: 'worker' }] }],
      };
      const name = 'one-job';
      await events.send(new PutRuleCommand({ Name: name, EventPattern: '{"source":["one-job"]}' }));
      await events.send(
        new PutTargetsCommand({ Rule: name, Targets: [{ ...Targets[0]!, Input: JSON.stringify(on) }] }),
      );
      await events.send(
        new PutEventsCommand({ Entries: [{ Source: name, DetailType: 'job', Detail: '{}' }] }),
      );
      await until(async () => (await jobs()).length > 0 || undefined);
      await events.send(new RemoveTargetsCommand({ Rule: name, Ids: [Targets[0]?.Id ?? ''] }));
      await events.send(new DeleteRuleCommand({ Name: name }));
    },
    async stopJob() {
      const [task = ''] = await jobs();
      await ecs.send(new StopTaskCommand({ cluster, task, reason: 'it has packed enough' }));
      return task.split('/').at(-1) ?? '';
    },
    async hold() {
      clearInterval(timer);
      await sending;
    },
    async remove() {
      await ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
      await until(async () => (await describe()).status === 'INACTIVE' || undefined);
    },
    async create() {
      const { taskDefinition, network: networkConfiguration } = first;
      await ecs.send(
        new CreateServiceCommand({
          cluster,
          serviceName: service,
          taskDefinition,
          networkConfiguration,
          desiredCount: 1,
        }),
      );
    },
    async deregister() {
      const { taskDefinition: described } = await ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: (await describe()).taskDefinition }),
      );
      const { taskDefinition: copy } = await ecs.send(
        new RegisterTaskDefinitionCommand(described as RegisterTaskDefinitionCommandInput),
      );
      const taskDefinition = copy?.taskDefinitionArn;
      await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition }));
      await until(async () => {
        const { running, alone } = await describe();
        return (alone && running === 1) || undefined;
      });
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
    },
    async begin() {
      const scheduler = new SchedulerClient(world.aws);
      const { WorkerSchedule: Name } = world.cloud.outputs;
      const schedule = await scheduler.send(new GetScheduleCommand({ Name }));
      const update = async (StartDate?: Date) =>
        scheduler.send(new UpdateScheduleCommand({ ...schedule, StartDate } as UpdateScheduleCommandInput));
      // the cloud's time runs fast
      await update();
      const { LastModificationDate: begun } = await scheduler.send(new GetScheduleCommand({ Name }));
      await update(begun);
      await until(async () => {
        // as if it were told so once more
        const refused = await update(begun).then(
          () => false,
          () => true,
        );
        return refused || undefined;
      });
    },
    async end() {
      await all.hold();
      await run(0);
      await world.query('DROP TABLE parcels');
    },
  };
  return all;
}
