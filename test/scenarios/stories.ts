import { randomUUID } from 'node:crypto';
import { ApplicationAutoScaling } from '@aws-sdk/client-application-auto-scaling';
import {
  DescribeServicesCommand,
  ECS,
  ECSClient,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { DescribeDBInstancesCommand, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { snapshotName } from '../../src/domain/deployment/names';
import { databaseIn } from '../../src/domain/settings/database';
import type { SettingsInput } from '../../src/domain/settings/settings';
import { batches, keepWorkers, packing } from './packing';
import { program } from './seeding';
import { otherThan } from './serving';
import { ageSnapshots, takeSnapshot } from './snapshots';
import { alarmOf } from './watcher';
import type { Ended, World } from './world';
import { type Slot, until } from './world/ground';
import { quick } from './world/quick';

export { quick };

/**
 * For v3, which fails a third of the pages of products, and by them some eighth of all requests: among a hundred there are now
 * and then too few failures for a proof, and it would pass. It has the time for so many on any machine.
 */
export const sick = {
  canaryPercent: 50,
  thresholds: { ...quick.thresholds, minimumRequests: 250 },
  deadlines: { evidenceSeconds: 600 },
};

/** Deployments that together need every grant of every step. */
export const stories: Record<string, (world: World) => Promise<Ended>> = {
  release: (world) => world.deploy({ image: 'shop:v2', validation: 'comprehensive', ...quick }),

  /** A migration that waits for a table, under a tool that lock_timeout does not reach, until it is cancelled; its second run gets it. */
  async 'migration in the way'(world) {
    const { migrations } = world.settings;
    const command = ['env', '-u', 'PGOPTIONS', '-u', 'PGAPPNAME', ...migrations.command];
    await world.configure({
      migrations: { ...migrations, command, watch: { warnSeconds: 1, retrySeconds: 4 } },
    });
    const letGo = await world.holdLock('orders', 'pg_dump');
    const request = { service: 'shop', image: 'shop:v2', reason: 'a test', ...quick };
    const execution = await world.start(request, `in-the-way-${randomUUID().slice(0, 8)}`);
    const ended = world.ended(execution);
    const cancelled = async () =>
      JSON.stringify(await world.journal(execution.split(':').at(-1)!)).includes('it is cancelled') ||
      undefined;
    await Promise.race([until(cancelled), ended]);
    await letGo();
    await ended;
    await world.configure({});
    return ended;
  },

  /** It comes twice, as EventBridge may deliver it. */
  'release by an event': async (world) => {
    const request = { service: 'shop', reason: 'a test', image: 'shop:v2', ...quick };
    const event = randomUUID();
    await world.ended(await world.start({ event, request }));
    return world.ended(await world.start({ event, request }));
  },

  /** The image that serves, with the newest task definition. */
  'configuration alone': (world) => world.deploy({ image: 'live', ...quick }),

  'half-applied migration': (world) => world.deploy({ image: 'shop:v4', ...quick }),

  /** A session from before the first deployment keeps its contract migration waiting, for the second one. */
  'contract migration': async (world) => {
    const release = await world.holdLock('products');
    await world.deploy({ image: 'shop:v7', ...quick, deadlines: { contractSeconds: 3 } });
    await release();
    return world.deploy({ image: 'shop:v7', ...quick });
  },

  /** Something holds the table that the contract migration wants, until its deadline is over. */
  'contract migration that hangs': async (world) => {
    const execution = await world.start({
      service: 'shop',
      reason: 'a test',
      image: 'shop:v7',
      ...quick,
      deadlines: { contractSeconds: 40 },
    });
    await world.entered(execution, 'StartGreen');
    const release = await world.holdLock('orders');
    try {
      return await world.ended(execution);
    } finally {
      await release();
    }
  },

  'sick green': (world) => world.deploy({ image: 'shop:v3', ...sick }),

  'green that never comes up': (world) =>
    world.deploy({ image: 'shop:v5', ...quick, deadlines: { greenSeconds: 30 } }),

  /** Its snapshot is restored: nobody could write meanwhile. The old instance is not as RDS makes one. */
  'half-applied migration of a closed service': async (world) => {
    await ownWindow(world);
    return world.deploy({ image: 'shop:v4', ...quick, strategy: 'MAINTENANCE' });
  },

  'rollout in place that crashes': (world) =>
    world.deploy({ image: 'shop:v5', ...quick, strategy: 'ROLLING' }),

  'rollout in place that users suffer from': (world) =>
    world.deploy({ image: 'shop:v3', ...sick, strategy: 'ROLLING' }),

  /** A forgotten transaction holds the table that the migration wants, until the migration's deadline is over. */
  'migration that hangs': async (world) => {
    const release = await world.holdLock('orders');
    try {
      return await world.deploy({ image: 'shop:v2', ...quick, deadlines: { migrationSeconds: 1 } });
    } finally {
      await release();
    }
  },

  /** The snapshot is made, but the answer is lost: as often as the SDK tries, and once more for the graph. */
  'lost answer': async (world) => {
    world.fault({ operation: 'rds:CreateDBSnapshot', kind: 'after', times: 3 });
    return world.deploy({ image: 'shop:v5', ...quick, deadlines: { greenSeconds: 1 } });
  },

  /** The instance is busy when it is asked for the snapshot, which is then not shown at once. */
  'database that takes no snapshot yet': async (world) => {
    world.fault({
      operation: 'rds:CreateDBSnapshot',
      kind: 'before',
      error: 'InvalidDBInstanceStateFault',
      times: 1,
    });
    world.fault({
      operation: 'rds:DescribeDBSnapshots',
      kind: 'override',
      patch: { DBSnapshots: [] },
      times: 2,
    });
    // its migrations are pending whatever was deployed before: the rollback takes them back
    return world.deploy({ image: 'shop:v4', ...quick });
  },

  /** One of the service's own tests never comes to an end. */
  'test that hangs': async (world) => {
    const { taskDefinition, container } = world.settings.migrations;
    const task = { taskDefinition, container, command: ['sleep', '600'], timeoutSeconds: 5 };
    return configured(world, { smokeTests: [{ task }] }, () =>
      world.deploy({ image: 'shop:v2', ...quick, migrations: 'none' }),
    );
  },

  /** Somebody tries out an alarm while green bakes, and it is over before anybody looks. */
  'alarm that is over': async (world) => {
    const request = { service: 'shop', image: 'shop:v2', reason: 'a test', migrations: 'none', ...quick };
    const execution = await world.start({ ...request, bakeSeconds: 600 });
    if (await world.entered(execution, 'Bake')) {
      world.fault({
        operation: 'cloudwatch:DescribeAlarms',
        kind: 'slow',
        delayMs: 40_000,
        role: 'ObserveGreen',
      });
      await alarmOf(world).tryOut();
    }
    const ended = await world.ended(execution);
    world.mend();
    return ended;
  },

  /** Somebody stops one of green's tasks while it bakes; another takes its place. */
  'green that loses a task': async (world) => {
    const request = { service: 'shop', image: 'shop:v2', reason: 'a test', migrations: 'none', ...quick };
    const green = (await world.weights()).a === 100 ? 'b' : 'a';
    const execution = await world.start({ ...request, bakeSeconds: 40 });
    if (await world.entered(execution, 'Bake')) await world.loseTask(green);
    return world.ended(execution);
  },

  /** A scaling policy takes one of green's tasks while half of the users are on it. */
  'green that is scaled in': async (world) => {
    const request = { service: 'shop', image: 'shop:v2', reason: 'a test', migrations: 'none', ...quick };
    const green = (await world.weights()).a === 100 ? 'b' : 'a';
    const execution = await world.start({ ...request, bakeSeconds: 40 });
    if (await world.entered(execution, 'Bake')) await world.scale(green, 1);
    return world.ended(execution);
  },

  /** A scaling policy takes one of blue's tasks while nobody is on it, and then everybody is asked back. */
  'blue that is scaled in': async (world) => {
    const blue = (await world.weights()).a === 100 ? 'a' : 'b';
    const request = { service: 'shop', image: 'shop:v2', reason: 'a test', migrations: 'none', ...quick };
    const execution = await world.start({ ...request, strategy: 'ALL_AT_ONCE', bakeSeconds: 600 });
    if (await world.entered(execution, 'Bake')) await world.scale(blue, 1);
    return world.rollBack(execution.split(':').at(-1) ?? '');
  },

  'scaled service': (world) =>
    scaled(world, () => world.deploy({ image: 'shop:v2', migrations: 'none', ...quick })),

  'scaled service that rolls back': (world) => scaled(world, () => world.deploy({ ...failing })),

  'scaled service that is closed': (world) =>
    scaled(world, () => world.deploy({ ...failing, strategy: 'MAINTENANCE' })),

  'scaled service that is kept warm': (world) => scaled(world, () => stories['kept warm']!(world)),

  'previous version that is protected': (world) =>
    withProtection(world, async (protect) => {
      await protect(await liveSlot(world));
      return world.deploy({ image: 'shop:v2', migrations: 'none', ...quick, ...soon });
    }),

  /** It would have to replace a previous version that is kept warm, and that ECS may not stop. */
  'deployment beside a protected task': (world) =>
    withProtection(world, async (protect) => {
      await protect(await liveSlot(world));
      const request = { migrations: 'none', ...quick, rollback: { warmSeconds: 3600 } };
      await world.deploy({ image: 'shop:v2', ...request });
      return world.deploy({ image: 'shop:v1', ...request });
    }),

  'green that is protected': (world) =>
    withProtection(world, async (protect) => {
      const green = otherThan(await liveSlot(world));
      const request = { service: 'shop', image: 'shop:v2', reason: 'a test', migrations: 'none', ...quick };
      const execution = await world.start({ ...request, ...soon, bakeSeconds: 600 });
      if (await world.entered(execution, 'Bake')) await protect(green);
      return world.rollBack(execution.split(':').at(-1) ?? '');
    }),

  'rollout in place that is protected': (world) =>
    withProtection(world, async (protect) => {
      const live = await liveSlot(world);
      const request = { service: 'shop', image: 'shop:v2', reason: 'a test', migrations: 'none', ...quick };
      const execution = await world.start({ ...request, ...soon, strategy: 'ROLLING', bakeSeconds: 600 });
      if (await world.entered(execution, 'ObserveGreen')) await protect(live);
      return world.rollBack(execution.split(':').at(-1) ?? '');
    }),

  'writers that are protected': (world) =>
    withProtection(world, async (protect) => {
      await protect(await liveSlot(world));
      const maintenance = { ...world.settings.maintenance!, closeSeconds: 5 };
      return configured(world, { maintenance }, () => world.deploy({ ...failing, strategy: 'MAINTENANCE' }));
    }),

  /** Somebody moves the weights while the canary bakes. */
  'meddled weights': async (world) => {
    const execution = await world.start({
      service: 'shop',
      image: 'shop:v2',
      reason: 'a test',
      ...quick,
      bakeSeconds: 100,
    });
    if (await world.entered(execution, 'Bake')) await world.setWeights({ a: 60, b: 40 });
    return world.ended(execution);
  },

  /** The execution is stopped, and the deployment is found and resumed. */
  abandoned: async (world) => {
    const name = await world.abandon({ image: 'shop:v2', ...quick }, { state: 'StartGreen', when: 'after' });
    return (await failed(world, 'Reconcile')) ?? world.endOf(`${name}-recover-1`);
  },

  /** However often it is resumed, its recovery fails: in the end a person is told. */
  'abandoned for good': async (world) => {
    const target = 'GreenlightRecoverDeployment';
    world.fault({
      operation: 'lambda:Invoke',
      target,
      kind: 'before',
      error: 'InvalidRequestContentException',
    });
    const name = await world.abandon({ image: 'shop:v5', ...quick }, { state: 'StartGreen', when: 'after' });
    for (;;) {
      const error = await failed(world, 'Reconcile');
      if (error) return error;
      if (await world.stuck()) return world.endOf(`${name}-recover-3`);
      await pause();
    }
  },

  /** The newest release is taken back; its previous version was stopped meanwhile. */
  'release taken back': async (world) => {
    const { name } = await world.deploy({ image: 'shop:v2', ...quick });
    return world.rollBack(name);
  },

  /** Meanwhile somebody has given the slot of the previous version another task definition. */
  'release taken back from a changed slot': async (world) => {
    const previous = (await world.weights()).a === 100 ? 'a' : 'b';
    const { name } = await world.deploy({ image: 'shop:v2', ...quick });
    const { cluster, slots, taskDefinition } = world.settings;
    await new ECSClient(world.aws).send(
      new UpdateServiceCommand({ cluster, service: slots[previous].service, taskDefinition }),
    );
    return world.rollBack(name);
  },

  /** An operator stops a deployment that goes on, by asking for the previous version. */
  'deployment taken back': async (world) => {
    const request = { service: 'shop', image: 'shop:v2', reason: 'a test', ...quick, bakeSeconds: 600 };
    const execution = await world.start(request);
    await world.entered(execution, 'Bake');
    return world.rollBack(execution.split(':').at(-1) ?? '');
  },

  /** Everything is done, but the function that did it ends too late to tell. */
  'lost end': async (world) => {
    const target = 'GreenlightCompleteDeployment';
    world.fault({ operation: 'lambda:Invoke', kind: 'timeout', target, times: 1 });
    return world.deploy({ image: 'shop:v2', ...quick, migrations: 'none' });
  },

  /** Snapshots of deployments of long ago. */
  'old snapshots': async (world) => {
    for (const deployment of [1, 2].map((number) => `old-${number}-${Date.now()}`))
      await takeSnapshot(world, snapshotName(deployment, databaseIn(world.settings)), deployment);
    ageSnapshots(world);
    return configured(world, { retention: { snapshotDays: 1, keepLast: 1 } }, () =>
      world.deploy({ image: 'shop:v2', ...quick, migrations: 'none' }),
    );
  },

  /** Only images are taken that have succeeded in staging. */
  'promotion that is refused': (world) =>
    configured(world, { promotion: { after: 'staging' } }, () => world.deploy({ image: 'shop:v2' })),

  /** The previous version is kept warm for a moment, and then stopped by the schedule. */
  'kept warm': async (world) => {
    const previous = (await world.weights()).a === 100 ? 'a' : 'b';
    const ended = await world.deploy({ image: 'shop:v2', ...quick, rollback: { warmSeconds: 1 } });
    for (;;) {
      const error = await failed(world, 'RetirePrevious');
      if (error) return error;
      if ((await world.running())[previous] === 0) return ended;
      await pause();
    }
  },

  /** Somebody takes a task from the live slot, and the schedule gives it back. */
  'slot that lost tasks': async (world) => {
    const ended = await world.deploy({ image: 'shop:v2', ...quick, migrations: 'none' });
    const live = (await world.weights()).a === 100 ? 'a' : 'b';
    const { cluster, slots } = world.settings;
    const { service } = slots[live];
    const ecs = new ECSClient(world.aws);
    await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 1 }));
    for (;;) {
      const error = await failed(world, 'Reconcile');
      if (error) return error;
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
      if (services?.[0]?.desiredCount === 2) return ended;
      await pause();
    }
  },

  /** Somebody says no on the page behind the notification's link. */
  'approval that is refused': async (world) => {
    const execution = await world.start({
      service: 'shop',
      image: 'shop:v2',
      reason: 'a test',
      approval: 'required',
    });
    return answered(world, execution, 'reject');
  },

  /** It waits for the time that people were told, without its lock. */
  'announced maintenance': (world) =>
    configured(world, { windows: { announceSeconds: 120 } }, () =>
      world.deploy({ image: 'shop:v2', ...quick, strategy: 'MAINTENANCE' }),
    ),

  /** The live version does not start on a history that it does not know. */
  'migration that the previous version cannot start on': (world) =>
    behind(world, 'v1-strict', () => world.deploy({ image: 'shop:v2', ...quick })),

  /** It can at first, and cannot any more on what users have written since. */
  'release taken back to a version that cannot start': (world) =>
    behind(world, 'v1-noteless', async () => {
      const { name } = await world.deploy({ image: 'shop:v2', ...quick, rollback: { warmSeconds: 3600 } });
      await world.query("update orders set note = 'with a ribbon' where id = (select min(id) from orders)");
      return world.rollBack(name);
    }),

  /** Green cannot be started, and neither can the rollback, while a trial runs that nobody waits for any more. */
  'rollback that fails beside a trial': (world) =>
    configured(world, { trial: { steadySeconds: 86_400 } }, async () => {
      for (const step of ['StartGreen', 'ReadJournal'])
        world.fault({
          operation: 'lambda:Invoke',
          target: `Greenlight${step}`,
          kind: 'before',
          error: 'InvalidRequestContentException',
          times: 1,
        });
      return world.deploy({ image: 'shop:v5', ...quick });
    }),

  /** A newer deployment takes the place of one that waits for people. */
  'approval that is withdrawn': async (world) => {
    const request = { service: 'shop', image: 'shop:v3', reason: 'a test', approval: 'required' };
    const older = await world.start(request);
    await world.asked(older);
    const newer = await world.deploy({ image: 'shop:v6', onBusy: 'supersede' });
    await world.stop(older);
    return newer;
  },

  /** Its workers of all kinds move behind the shift. */
  'release with workers': (world) => working(world, () => world.deploy({ image: 'shop:v2', ...quick })),

  /** A job of it runs that does not end by itself. */
  'release with workers that is taken back': (world) =>
    working(world, async () => {
      const { name } = await world.deploy({ image: 'shop:v2', ...quick });
      const end = await startJob(world);
      try {
        return await world.rollBack(name);
      } finally {
        await end();
      }
    }),

  /** Its rollback stops amid its way, and people are told what its workers run. */
  'release with workers that is left half-way': (world) =>
    working(world, async () => {
      const { name } = await world.deploy({ image: 'shop:v2', ...quick });
      world.fault({
        operation: 'lambda:Invoke',
        target: 'GreenlightChooseRollback',
        kind: 'before',
        error: 'InvalidRequestContentException',
        times: 1,
      });
      return world.rollBack(name);
    }),

  /** The schedule looks whether its workers still run what it has left them. */
  'workers that are looked at': (world) =>
    working(world, async () => {
      const ended = await world.deploy({ image: 'shop:v2', ...quick });
      return (await failed(world, 'Reconcile')) ?? ended;
    }),

  'closed service with workers': (world) =>
    working(world, () => world.deploy({ image: 'shop:v2', ...quick, strategy: 'MAINTENANCE' })),

  'closed service with workers that rolls back': (world) =>
    working(world, () => world.deploy({ ...failing, strategy: 'MAINTENANCE' })),

  'contract migration with workers': (world) =>
    working(world, () => world.deploy({ image: 'shop:v7', ...quick })),

  /** All users have been on the sick version for longer than anybody would go back without asking. */
  'rollback that people decide': async (world) => {
    const execution = await world.start({
      service: 'shop',
      image: 'shop:v3',
      reason: 'a test',
      ...sick,
      strategy: 'ALL_AT_ONCE',
      rollback: { automaticSeconds: 0, confirmSeconds: 0 },
    });
    return answered(world, execution, 'approve');
  },

  /** Without a migration; their second run changes rows, which stops the deployment, and they are taken back. */
  'seeds that cannot run again': async (world) => {
    const command = program("INSERT INTO products (name, price_cents, pack_size) VALUES ('seed', 1, 1)");
    const revertCommand = program("DELETE FROM products WHERE name = 'seed'");
    await world.configure({ seeds: { command, revertCommand, onChange: 'stop' } });
    const ended = await world.deploy({ image: 'shop:v1', ...quick });
    await world.configure({});
    return ended;
  },
};

/** What never becomes healthy, and is not waited for. */
const failing = { image: 'shop:v5', migrations: 'none', ...quick, deadlines: { greenSeconds: 1 } };
/** What keeps tasks is not waited for. */
const soon = { deadlines: { rollbackSeconds: 5 } };

const liveSlot = async (world: World): Promise<Slot> => ((await world.weights()).a === 100 ? 'a' : 'b');

/** Policies scale both slots meanwhile, the idle one down to nothing. */
async function scaled(world: World, play: () => Promise<Ended>): Promise<Ended> {
  const scaling = new ApplicationAutoScaling(world.aws);
  const { cluster, slots } = world.settings;
  const live = await liveSlot(world);
  const targets = (['a', 'b'] as const).map((slot) => ({
    ServiceNamespace: 'ecs' as const,
    ScalableDimension: 'ecs:service:DesiredCount' as const,
    ResourceId: `service/${cluster.split('/').at(-1)}/${slots[slot].service}`,
    MinCapacity: slot === live ? 1 : 0,
    MaxCapacity: 4,
  }));
  for (const target of targets) await scaling.registerScalableTarget(target);
  try {
    return await play();
  } finally {
    for (const { MinCapacity: _, MaxCapacity: __, ...target } of targets)
      await scaling.deregisterScalableTarget(target);
  }
}

/** Protects a task of a slot from being scaled in, until the story is over. */
async function withProtection(
  world: World,
  play: (protect: (slot: Slot) => Promise<void>) => Promise<Ended>,
): Promise<Ended> {
  const ecs = new ECS(world.aws);
  const { cluster, slots } = world.settings;
  const tasks: string[] = [];
  const set = (protectionEnabled: boolean) => ecs.updateTaskProtection({ cluster, tasks, protectionEnabled });
  try {
    return await play(async (slot) => {
      const { taskArns = [] } = await ecs.listTasks({ cluster, serviceName: slots[slot].service });
      tasks.push(...taskArns.slice(0, 1));
      await set(true);
    });
  } finally {
    if (tasks.length > 0) await set(false);
  }
}

/** Workers of all kinds, at work until the story is over: a maintenance window of another one would find them. */
async function working(world: World, deploy: () => Promise<Ended>): Promise<Ended> {
  await keepWorkers(world, 1);
  try {
    return await configured(world, { workers: [packing(world), ...batches(world)] }, deploy);
  } finally {
    await keepWorkers(world, 0);
  }
}

/**
 * A task of what the schedule starts now, that does not end by itself. Returns what ends it: a maintenance window and a
 * contract of the next story would find it.
 */
async function startJob(world: World): Promise<() => Promise<unknown>> {
  const ecs = new ECSClient(world.aws);
  const schedule = await new SchedulerClient(world.aws).send(
    new GetScheduleCommand({ Name: world.cloud.outputs.WorkerSchedule }),
  );
  const { cluster, migrations } = world.settings;
  const { tasks } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition: schedule.Target?.EcsParameters?.TaskDefinitionArn,
      networkConfiguration: { awsvpcConfiguration: { subnets: migrations.subnets } },
      overrides: {
        containerOverrides: [{ name: 'shop', environment: [{ name: 'SHOP_MODE', value: 'worker' }] }],
      },
    }),
  );
  return () => ecs.send(new StopTaskCommand({ cluster, task: tasks?.[0]?.taskArn }));
}

/** A deployment under other settings of the service. */
async function configured(
  world: World,
  changes: Partial<SettingsInput>,
  deploy: () => Promise<Ended>,
): Promise<Ended> {
  await world.configure(changes);
  try {
    return await deploy();
  } finally {
    await world.configure({});
  }
}

/** A deployment after another version was released, which does not stay for those that follow. */
async function behind(world: World, tag: string, deploy: () => Promise<Ended>): Promise<Ended> {
  const release = (image: string) => world.deploy({ image, ...quick, migrations: 'none' });
  await release(`shop:${tag}`);
  await world.rest();
  try {
    return await deploy();
  } finally {
    await world.rest();
    await release('shop:v1');
  }
}

/** Gives every instance a maintenance window that no restore knows of. */
async function ownWindow({ aws }: World): Promise<void> {
  const rds = new RDSClient(aws);
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  for (const { DBInstanceIdentifier } of DBInstances)
    await rds.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier,
        PreferredMaintenanceWindow: 'sun:03:00-sun:04:00',
      }),
    );
}

/** As long as a schedule would leave a function alone. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 250));

/** The error with which a function beside the graph answers, as the history of an execution would tell it. */
async function failed(world: World, name: 'Reconcile' | 'RetirePrevious'): Promise<Ended | undefined> {
  const answer = await world.wake(name);
  if (!('error' in answer)) return undefined;
  const cause = JSON.stringify(answer.error);
  return {
    outcome: 'none',
    cause,
    report: '',
    output: null,
    path: [],
    events: [
      {
        timestamp: undefined,
        type: 'LambdaFunctionFailed',
        id: 1,
        lambdaFunctionFailedEventDetails: { cause },
      },
    ],
    name,
  };
}

/** Sends the form of the link that people were sent; an execution that cannot be answered is stopped. */
async function answered(world: World, execution: string, answer: 'approve' | 'reject'): Promise<Ended> {
  const asked = await world.asked(execution);
  const body = new URLSearchParams({ answer, by: 'ann', reason: 'a test' });
  if (asked && !(await fetch(asked.link, { method: 'POST', body })).ok) await world.stop(execution);
  return world.ended(execution);
}
