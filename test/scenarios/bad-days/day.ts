import { startedBy } from '../../../src/domain/deployment/names';
import type { Orders } from '../orders';
import { quick } from '../stories';
import type { Ended, World } from '../world';

/** A backend of the server that works for the migration of a deployment. */
export interface Backend {
  pid: number;
  deployment: string;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves with the backend that executes such a statement, once there is one. Rejects when the deployment has ended before. */
export async function executing(world: World, execution: string, statement: string): Promise<number> {
  let ended: Ended | undefined;
  world.ended(execution).then(
    (end) => {
      ended = end;
    },
    () => {},
  );
  for (;;) {
    if (ended) throw new Error(`it ended as ${ended.outcome} before: ${ended.cause}`);
    const [found] = await world.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
        WHERE state = 'active' AND query ILIKE '%${statement}%' AND pid <> pg_backend_pid()`,
    );
    if (found) return found.pid;
    await pause(20);
  }
}

/** Deploys a release, and does something in the middle of its migration. */
export async function interrupted(
  world: World,
  request: Record<string, unknown>,
  /** What the migration executes at that moment. */
  statement: string,
  strike: (backend: Backend) => unknown,
): Promise<Ended> {
  const execution = await world.start({ service: 'shop', reason: 'a test', ...quick, ...request });
  const deployment = execution.split(':').at(-1) ?? '';
  await strike({ deployment, pid: await executing(world, execution, statement) });
  return world.ended(execution);
}

export const killTask = (world: World) => (backend: Backend) =>
  world.killTask(startedBy('migrate', backend.deployment));

/** How many orders fail until fifty more are acknowledged: none, once a bad day is over. */
export async function failuresFromNow(orders: Orders): Promise<number> {
  const [failed, acknowledged] = [orders.failed(), orders.acknowledged()];
  while (orders.acknowledged() < acknowledged + 50) await pause(20);
  return orders.failed() - failed;
}
