import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Fault } from '../../local/endpoint';
import { stories } from '../scenarios/stories';
import type { World } from '../scenarios/world';
import { type Case, faultsOf, type Kind } from './cases';
import type { FaultWorld } from './fault-world';
import { type End, ends, untrueEnds, write } from './invariants';
import type { Seen } from './watch';
import { worldStateOf } from './world-state';

/** How a case went: the end it came to, and every invariant that did not hold. */
export interface Played {
  story: string;
  /** The end of the deployment; with a recovery, where that ended. */
  outcome: string;
  /** What that end says. */
  cause: string;
  /** The states that its executions entered. */
  entered: string[];
  problems: string[];
}

const invocations = { operation: 'lambda:Invoke', role: 'events', target: 'GreenlightReconcile', times: 1 };

/** What becomes of the event that tells of the stop, on its way to the function that waits for it. */
const told: Partial<Record<Kind, Fault>> = {
  'stopped, told twice': { ...invocations, kind: 'twice' },
  'stopped, not told': { ...invocations, kind: 'before' },
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const POLL_MS = 20;
/** Real time between two looks at the lock of what no longer runs. */
const LOOK_MS = 100;

/**
 * Watches until the story is over and nothing runs, and nobody but a person's deployment holds the lock; stops the
 * execution that enters the state of the case meanwhile, where a fault holds the answer back. False when none did.
 */
async function follow(
  { world, watch, notice }: FaultWorld,
  stop: Case | undefined,
  story: { over: boolean },
): Promise<boolean> {
  const sfn = new SFNClient(world.aws);
  let stopped = stop === undefined;
  for (;;) {
    for (const { state, execution } of watch.look()) {
      notice(state);
      if (stopped || state !== stop?.state) continue;
      stopped = true;
      const fault = told[stop.kind];
      if (fault) world.fault(fault);
      await sfn.send(
        new StopExecutionCommand({ executionArn: execution, error: 'Stopped', cause: `in ${state}` }),
      );
    }
    await pause(POLL_MS);
    if (!story.over || watch.seen().some(({ running }) => running)) continue;
    if ((await world.lockHolder()) === undefined || (await world.stuck())) return stopped;
    await pause(LOOK_MS);
  }
}

/** The version that a request asks for; none of a resume, and of a release of what serves. */
const versionIn = ({ image = '' }: { image?: string }) => image.split(':')[1] ?? '';

/**
 * What an execution was about, and its end. One that was stopped when everything was done came to the end that stands in
 * the journal.
 */
async function endOf(world: World, seen: Seen): Promise<End> {
  const ended = await world.ended(seen.arn);
  const input = JSON.parse(ended.events[0]?.executionStartedEventDetails?.input ?? '{}');
  const deployment = input.deploymentId ?? ended.name;
  const aborted = ended.events.at(-1)?.type === 'ExecutionAborted';
  const last = aborted ? (await world.journal(deployment)).at(-1) : undefined;
  const { outcome } = (last?.result ?? {}) as { outcome?: unknown };
  return {
    ...seen,
    ended: typeof outcome === 'string' ? { ...ended, outcome } : ended,
    deployment,
    version: versionIn(input.request ?? input),
  };
}

/** Every execution of a story, the one that ended first first. */
export async function endsIn({ world, watch }: FaultWorld): Promise<End[]> {
  const seen = watch.seen().sort((one, other) => one.stoppedAt - other.stoppedAt);
  const ends = await Promise.all(seen.map((one) => endOf(world, one)));
  // one that resume a deployment does not say which version it is about
  const versions = new Map(
    ends.flatMap(({ deployment, version }) => (version ? [[deployment, version]] : [])),
  );
  return ends.map((end) => ({ ...end, version: versions.get(end.deployment) ?? '' }));
}

/** A story, and what befalls it. */
export interface Weather {
  story: string;
  /** What befalls one Task, and has to. */
  befalls?: Case;
  /** Faults that need not all come to pass. */
  others?: readonly Fault[];
}

/** Plays a story with faults on a faultWorld at rest, and asks what stands afterwards. */
export async function play(
  faultWorld: FaultWorld,
  { story, befalls, others = [] }: Weather,
): Promise<Played> {
  const { world, watch } = faultWorld;
  const before = await worldStateOf(world);
  watch.begin();
  const ordained = befalls ? faultsOf(befalls) : [];
  for (const fault of [...ordained, ...others]) world.fault(fault);
  const run = { over: false };
  const following = follow(faultWorld, befalls?.kind.startsWith('stopped') ? befalls : undefined, run);
  await stories[story]?.(world);
  run.over = true;
  const stopped = await following;
  const still = world.faults();
  world.mend();
  const over = await endsIn(faultWorld);
  const now = await worldStateOf(world);
  const stuck = await world.stuck();
  const book = write(
    { serving: before.serving[0], before: new Map(), warm: true, moved: false },
    over,
    () => true,
  );
  const problems = [
    ...untrueEnds(before, now, book, over, stuck),
    ...(await faultWorld.noticed()),
    ...(await faultWorld.effects.problems(over)),
  ];
  const due = [...ordained, ...(befalls && told[befalls.kind] ? [told[befalls.kind] as Fault] : [])];
  if (!stopped || unspent(due, still)) problems.push(`nothing befell ${befalls?.state}`);
  const { outcome, cause } = lastOf(over);
  return { story, outcome, cause, entered: [...new Set(over.flatMap(({ path }) => path))], problems };
}

/**
 * The end that everything came to: a recovery that was rejected because nothing was left to do has not changed it. An
 * execution that was stopped before it held the lock is nobody's deployment.
 */
function lastOf(all: readonly End[]): { outcome: string; cause: string } {
  const over = all.filter(({ ended }) => ends.includes(ended.outcome));
  const last = over.findLast(({ ended }) => ended.outcome !== 'DeploymentRejected') ?? over.at(-1);
  return last?.ended ?? { outcome: 'Stopped', cause: '' };
}

/** Is one of the faults there as often as in the beginning? */
const unspent = (of: readonly Fault[], still: readonly Fault[]) => {
  const left = new Set(still.map((fault) => JSON.stringify(fault)));
  return of.some((fault) => left.has(JSON.stringify(fault)));
};
