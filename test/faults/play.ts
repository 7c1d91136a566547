import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Fault } from '../../local/endpoint';
import { stories } from '../scenarios/stories';
import type { Ended, World } from '../scenarios/world';
import { type Case, faultsOf, type Kind } from './cases';
import { endOf, type Standing, stands, untrue } from './invariants';

/** How a case went: the end it came to, and every invariant that did not hold. */
export interface Played {
  story: string;
  /** The end of the deployment; with a recovery, where that ended. */
  outcome: string;
  /** What that end says. */
  cause: string;
  problems: string[];
}

/** A fault-free way through the graph: the story and the states it enters. */
export interface Way {
  story: string;
  path: string[];
}

/** Plays a story without faults. */
export async function wayOf(world: World, story: string): Promise<Way> {
  const ended = await stories[story]?.(world);
  await world.rest();
  return { story, path: ended?.path ?? [] };
}

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

const events = { operation: 'lambda:Invoke', role: 'events', target: 'GreenlightReconcile', times: 1 };

/** What becomes of the event that tells of the stop, on its way to the function that waits for it. */
const told: Partial<Record<Kind, Fault>> = {
  'stopped, told twice': { ...events, kind: 'twice' },
  'stopped, not told': { ...events, kind: 'before' },
};

/** Stops the newest execution once it is in the state; its answer is held back by a fault meanwhile. */
async function stopIn(
  world: World,
  sfn: SFNClient,
  { state, kind }: Case,
  known: Set<string>,
): Promise<boolean> {
  for (;;) {
    const fresh = (await executions(world, sfn)).find(({ arn }) => !known.has(arn));
    if (fresh) {
      if (!(await world.entered(fresh.arn, state))) return false;
      const fault = told[kind];
      if (fault) world.fault(fault);
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
export async function play(world: World, one: Case, { story }: Way): Promise<Played> {
  const { state, kind } = one;
  const sfn = clientOf(world);
  const known = new Set((await executions(world, sfn)).map(({ arn }) => arn));
  const before: Standing = await stands(world);
  for (const fault of faultsOf(one)) world.fault(fault);
  const stopping = kind.startsWith('stopped') ? stopIn(world, sfn, one, known) : undefined;
  await stories[story]?.(world);
  await stopping;
  const ends = await settled(world, sfn, known);
  const still = world.faults();
  world.mend();
  const { outcome, cause } = endOf(ends);
  const problems = untrue(before, await stands(world), ends);
  if (unspent([...faultsOf(one), ...(told[kind] ? [told[kind]] : [])], still))
    problems.push(`nothing befell ${state}`);
  await world.rest();
  return { story, outcome, cause, problems };
}

/** Is one of the faults of a case there as often as in the beginning? */
const unspent = (of: readonly Fault[], still: readonly Fault[]) => {
  const left = new Set(still.map((fault) => JSON.stringify(fault)));
  return of.some((fault) => left.has(JSON.stringify(fault)));
};
