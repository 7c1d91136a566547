import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { contractSnapshotName, snapshotName, startedBy } from '../../src/domain/deployment/names';
import { databaseIn } from '../../src/domain/settings/database';
import type { Orders } from '../scenarios/orders';
import type { World } from '../scenarios/world';
import type { End } from './invariants';

/** What was done to the database on the way, asked of the cloud and not of the workflow. */
export interface Effects {
  /** Every effect that should not have been, one line each. */
  problems(over: readonly End[]): Promise<string[]>;
}

export function effectsIn(world: World, orders: Orders): Effects {
  const ecs = new ECSClient(world.aws);
  const { cluster } = world.settings;
  const database = databaseIn(world.settings);

  async function tasks(mark: string): Promise<Task[]> {
    const arns = await Promise.all(
      (['RUNNING', 'STOPPED'] as const).map(async (desiredStatus) => {
        const { taskArns = [] } = await ecs.send(
          new ListTasksCommand({ cluster, startedBy: mark, desiredStatus }),
        );
        return taskArns;
      }),
    );
    const all = [...new Set(arns.flat())];
    if (all.length === 0) return [];
    return (await ecs.send(new DescribeTasksCommand({ cluster, tasks: all }))).tasks ?? [];
  }

  /** One after the other, where the journal says that the one before was cancelled for users who waited behind it. */
  async function triedAgain(deployment: string, ran: readonly Task[]): Promise<boolean> {
    const inOrder = [...ran].sort((one, other) => Number(one.createdAt) - Number(other.createdAt));
    const apart = inOrder.slice(1).every(({ createdAt }, index) => {
      const { stoppedAt } = inOrder[index]!;
      return stoppedAt !== undefined && createdAt !== undefined && stoppedAt <= createdAt;
    });
    return apart && JSON.stringify(await world.journal(deployment)).includes('it is cancelled');
  }

  /** A migration ran once, unless it was cancelled and could be tried again, and not before its own snapshot was there. */
  async function protectedBy(
    deployment: string,
    kind: 'migrate' | 'contract',
    snapshot: string,
  ): Promise<string[]> {
    const ran = await tasks(startedBy(kind, deployment));
    if (ran.length === 0) return [];
    const again = ran.length > 1 && !(kind === 'migrate' && (await triedAgain(deployment, ran)));
    const twice = again ? [`${deployment} ran its ${kind} task ${ran.length} times`] : [];
    const own = (await world.snapshots()).find(({ name }) => name === snapshot);
    const taken = own?.status === 'available' ? own.createdAt?.getTime() : undefined;
    const began = Math.min(...ran.map(({ createdAt }) => createdAt?.getTime() ?? 0));
    return taken !== undefined && taken <= began
      ? twice
      : [...twice, `${deployment} ran its ${kind} task without its snapshot ${snapshot}`];
  }

  /** A restore needs that nobody could write since the snapshot: a closed service that was not opened. */
  function restored(end: End, own: readonly End[]): string[] {
    const path = own.flatMap((one) => one.path);
    const restore = path.indexOf('RestoreDatabase');
    if (restore < 0) return [];
    const opened = path.slice(0, restore).includes('Bake');
    return path.slice(0, restore).includes('StopWriters') && !opened
      ? []
      : [`${end.deployment} restored the snapshot although users could write`];
  }

  return {
    async problems(over) {
      const secret = await world.password();
      const problems: string[] = [];
      for (const end of over) {
        const own = over.filter(({ deployment }) => deployment === end.deployment);
        if (own[0] === end) {
          const { deployment } = end;
          problems.push(...(await protectedBy(deployment, 'migrate', snapshotName(deployment, database))));
          problems.push(
            ...(await protectedBy(deployment, 'contract', contractSnapshotName(deployment, database))),
          );
          problems.push(...restored(end, own));
          if (JSON.stringify(await world.journal(deployment)).includes(secret))
            problems.push(`the database password stands in the journal of ${deployment}`);
        }
        if (JSON.stringify(end.ended.events).includes(secret))
          problems.push(`the database password stands in the history of ${end.name}`);
      }
      if (JSON.stringify(world.cloud.services.sns.recent()).includes(secret))
        problems.push('the database password was told to people');
      const missing = await orders.missing(world);
      if (missing.length > 0)
        problems.push(`${missing.length} acknowledged orders are not in the database once`);
      return problems;
    },
  };
}
