import type { Ended } from '../scenarios/world';
import { MOVED } from './random/events';
import type { Seen } from './watch';
import type { WorldState } from './world-state';

/** An execution that has ended, and what its history says. */
export interface End extends Seen {
  ended: Ended;
  /** The deployment it is about: its own, or the one that it resumes again. */
  deployment: string;
  /** The version that its deployment releases. */
  version: string;
}

/** What is true of the service by what the deployments said so far; it outlasts each of them. */
export interface Book {
  /** The live version; undefined after NeedsOperator, when a person decides. */
  serving: string | undefined;
  /** What served before a deployment that has ended. */
  before: Map<string, string | undefined>;
  /** The newest release keeps the previous version it warm. */
  warm: boolean;
  /** Somebody has moved the weights: nobody may set them again but a person. */
  moved: boolean;
}

/** The end states of the graph. */
export const ends = [
  'DeploymentSucceeded',
  'RolledBack',
  'DeploymentRejected',
  'NeedsOperator',
  'PlanReported',
];
const isOf = (outcome: string) => (end: End) => end.ended.outcome === outcome;
/** A redriven execution that only says again how it ended has done nothing. */
const didSomething = ({ path }: End) => path.some((state) => !ends.includes(state));

/** Writes what the deployments said into the book, in the order in which they ended. */
export function write(book: Book, over: readonly End[], isWarm: (deployment: string) => boolean): Book {
  const before = new Map(book.before);
  let { serving, warm } = book;
  for (const end of [...over].filter(didSomething).sort((one, other) => one.stoppedAt - other.stoppedAt)) {
    const { deployment, version, ended } = end;
    if (!['DeploymentSucceeded', 'RolledBack', 'NeedsOperator'].includes(ended.outcome)) continue;
    if (!before.has(deployment)) before.set(deployment, serving);
    if (ended.outcome === 'DeploymentSucceeded') {
      // a release of the image that serves names none
      serving = version || serving;
      warm = isWarm(deployment);
    } else if (ended.outcome === 'RolledBack') {
      serving = before.get(deployment);
      warm = false;
    } else serving = undefined;
  }
  return { ...book, serving, before, warm };
}

/** What an execution's own end is worth. */
function endProblems({ name, ended, path, running }: End): string[] {
  if (running) return [`${name} runs`];
  const { outcome, cause, events } = ended;
  const last = events.at(-1)?.type;
  if (last === 'ExecutionAborted') return [];
  if (!ends.includes(outcome)) return [`${name} ended in ${outcome || path.at(-1)}: ${cause}`];
  if (outcome === 'NeedsOperator' && !/aws |greenlight /.test(cause))
    return [`${name} needs an operator and names no command: ${cause}`];
  return [];
}

/** Where it has given its lock back, or is about to. */
const waits = (path: readonly string[]) => ['AwaitWindow', 'WaitForWindow'].includes(path.at(-1) ?? '');

/** A deployment that has had the lock, and has not given it back to wait, comes to an end, unless a person was called. */
function endless(over: readonly End[], stuck: string | undefined): string[] {
  const names = [...new Set(over.map(({ deployment }) => deployment))];
  return names
    .filter((name) => name !== stuck)
    .filter((name) => {
      const own = over.filter(({ deployment }) => deployment === name);
      return (
        own.some(({ path }) => path.includes('InspectLive') && !waits(path)) &&
        !own.some(({ ended }) => ends.includes(ended.outcome))
      );
    })
    .map((name) => `${name} came to no end`);
}

/** A person is called by the deployment that keeps the lock, and by no other. */
function lockProblems(now: WorldState, over: readonly End[], stuck: boolean): string[] {
  const { lockHolder } = now;
  if (lockHolder !== undefined && !stuck) return [`${lockHolder} holds the lock and calls nobody`];
  return over
    .filter(isOf('NeedsOperator'))
    .filter((end) => didSomething(end) && lockHolder !== end.deployment)
    .filter(
      (end) => !over.some((later) => later.deployment === end.deployment && later.stoppedAt > end.stoppedAt),
    )
    .map(({ name }) => `${name} needs an operator, and ${lockHolder ?? 'nobody'} holds the lock`);
}

/** Where every deployment was rejected, nothing at all has changed; a stopped one that waits for a person has an effect. */
function unchanged(
  before: WorldState,
  now: WorldState,
  moved: boolean,
  over: readonly End[],
  stuck: boolean,
): string[] {
  if (stuck && over.some(({ ended }) => !ends.includes(ended.outcome))) return [];
  const all = over.filter(({ ended }) => ends.includes(ended.outcome));
  const still = ['DeploymentRejected', 'PlanReported'];
  if (all.some(({ ended }) => !still.includes(ended.outcome))) return [];
  const traffic = moved ? [] : (['weights', 'serving'] as const);
  return ([...traffic, 'applied', 'fingerprint'] as const)
    .filter((what) => JSON.stringify(before[what]) !== JSON.stringify(now[what]))
    .map(
      (what) =>
        `everything was rejected, and ${what} went from ${JSON.stringify(before[what])} to ${JSON.stringify(now[what])}`,
    );
}

/** The version that was said to serve does, from one slot, and nothing runs that has no users. */
function servingProblems(now: WorldState, { serving, warm }: Book): string[] {
  const problems: string[] = [];
  if (Math.min(...Object.values(now.weights)) > 0)
    problems.push(`traffic is split ${JSON.stringify(now.weights)}`);
  if (now.serving.join() !== serving)
    problems.push(`${now.serving.join(', ') || 'nobody'} serves where ${serving} was said to`);
  const idle = now.weights.a === 0 ? 'a' : 'b';
  if (now.running[idle] > 0 && !warm) problems.push(`slot ${idle} runs ${now.running[idle]} tasks`);
  return problems;
}

const overwritten = ({ weights }: WorldState): string[] =>
  weights.a === MOVED.a && weights.b === MOVED.b
    ? []
    : [`somebody set the weights to ${JSON.stringify(MOVED)}, and they are ${JSON.stringify(weights)}`];

/** Every end is true: what the deployments said, and what stands. */
export function untrueEnds(
  before: WorldState,
  now: WorldState,
  book: Book,
  over: readonly End[],
  stuck: boolean,
): string[] {
  const problems = [
    ...over.flatMap(endProblems),
    ...endless(over, stuck ? now.lockHolder : undefined),
    ...lockProblems(now, over, stuck),
    ...unchanged(before, now, book.moved, over, stuck),
  ];
  if (book.moved) problems.push(...overwritten(now));
  else if (book.serving !== undefined && !stuck) problems.push(...servingProblems(now, book));
  for (const version of now.serving)
    if (!/^v\d/.test(version) && !(stuck && version === '503')) problems.push(`users get ${version}`);
  const told = stuck && over.some(({ ended }) => ended.cause.includes('still works on the schema'));
  if (now.migrationTasks > 0 && !told) problems.push(`${now.migrationTasks} migration tasks still run`);
  problems.push(...now.trials.map((task) => `${task} was left behind by a trial`));
  if (now.lost > before.lost) problems.push(`${now.lost - before.lost} requests were lost`);
  return problems;
}
