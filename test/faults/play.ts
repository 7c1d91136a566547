import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { stories } from '../scenarios/stories';
import type { Ended, World } from '../scenarios/world';
import { type Case, faultsOf } from './cases';
import { type Standing, stands, untrue } from './invariants';

/** How a case went: the end it came to, and every invariant that did not hold. */
export interface Played {
  story: string;
  /** The end of the deployment; with a recovery, where that ended. */
  outcome: string;
  problems: string[];
}

/** A fault-free way through the graph: the story and the states it enters. */
export interface Way {
  story: string;
  path: string[];
}

/** Plays every story once without faults. */
export async function waysThrough(world: World): Promise<Way[]> {
  const ways: Way[] = [];
  for (const [story, play] of Object.entries(stories)) {
    const { path } = await play(world);
    ways.push({ story, path });
    await world.rest();
  }
  return ways;
}

/** The story that comes to a state soonest; of several the first. */
export const wayTo = (ways: readonly Way[], state: string): Way | undefined =>
  ways
    .filter(({ path }) => path.includes(state))
    .sort((one, other) => one.path.indexOf(state) - other.path.indexOf(state))[0];

const machineOf = (world: World) => world.cloud.outputs.StateMachineArn ?? '';

const clientOf = (world: World) =>
  new SFNClient({
    region: world.cloud.region,
    endpoint: world.cloud.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

async function executions(world: World, sfn: SFNClient) {
  const { executions: all = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: machineOf(world), maxResults: 1000 }),
  );
  return all.map(({ executionArn = '', status }) => ({ arn: executionArn, running: status === 'RUNNING' }));
}

/** Stops the newest execution once it is in the state; its answer is held back by a fault meanwhile. */
async function stopIn(world: World, sfn: SFNClient, state: string, known: Set<string>): Promise<boolean> {
  for (;;) {
    const fresh = (await executions(world, sfn)).find(({ arn }) => !known.has(arn));
    if (fresh) {
      if (!(await world.entered(fresh.arn, state))) return false;
      await sfn.send(
        new StopExecutionCommand({ executionArn: fresh.arn, error: 'Stopped', cause: `in ${state}` }),
      );
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until nothing runs and nobody but an operator holds the lock, and tells the last end. */
async function settled(world: World, sfn: SFNClient, known: Set<string>): Promise<Ended[]> {
  for (;;) {
    const fresh = (await executions(world, sfn)).filter(({ arn }) => !known.has(arn));
    if (fresh.every(({ running }) => !running)) {
      const ends = await Promise.all(fresh.reverse().map(({ arn }) => world.ended(arn)));
      const operator = ends.some(({ outcome }) => outcome === 'NeedsOperator');
      if (operator || (await world.lockHolder()) === undefined) return ends;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Plays a story with a fault at a state, and asks what stands afterwards. */
export async function play(world: World, { state, kind }: Case, way: Way): Promise<Played> {
  const sfn = clientOf(world);
  const known = new Set((await executions(world, sfn)).map(({ arn }) => arn));
  const before: Standing = await stands(world);
  for (const fault of faultsOf({ state, kind })) world.fault(fault);
  if (kind === 'stopped, not told')
    world.fault({ operation: 'lambda:Invoke', role: 'events', kind: 'before', times: 1 });
  const stopping = kind.startsWith('stopped') ? stopIn(world, sfn, state, known) : undefined;
  await stories[way.story]?.(world);
  await stopping;
  const ends = await settled(world, sfn, known);
  world.mend();
  const outcome = ends.findLast(({ outcome }) => outcome !== '')?.outcome ?? 'none';
  const problems = untrue(before, await stands(world), ends);
  await world.rest();
  return { story: way.story, outcome, problems };
}
