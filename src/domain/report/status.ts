import { mayResume, type Progress, progressOf } from '../recovery/progress';
import type { JournalRow } from '../results/row';
import type { Slot } from '../settings/choices';
import type { Settings } from '../settings/settings';
import { describeWeights, type Weights, type WeightsRead } from '../traffic/weights';
import { moment } from './moments';
import { readAs } from './read';
import { newsOf } from './steps';

/** What was read of a service, for its status. */
export interface StatusFacts {
  settings: Settings;
  now: Date;
  /** Name of the workflow's stack. */
  stack: string;
  recorded?: {
    slot: Slot;
    weights: Weights;
    image?: string;
    deployment?: string;
    releasedAt?: string;
    warmUntil?: string;
    closedAt?: string;
  };
  rule: WeightsRead;
  fleets: { slot: Slot; fleet: { running: number; desired: number } | undefined }[];
  held?: { holder: string; execution: string; expires: string; stuck: boolean; successor?: string };
  /** Does the execution run that drives the holder? */
  driverRuns: boolean;
  /** Of the deployment that released the live version, and of the one that holds the lock. */
  released: JournalRow[];
  running: JournalRow[];
  /** Deployments of the service that wait for a window. */
  waiting: WaitingDeployment[];
}

/** A deployment that waits for a window, with its lock free. */
export interface WaitingDeployment {
  deployment: string;
  service: string;
  /** When it may begin, in ISO 8601. */
  until: string;
  /** The same by the clocks of the policy's time zone, and why. */
  because: string;
}

/** Undefined of one that does something else. */
export function waitingIn(deployment: string, rows: JournalRow[]): WaitingDeployment | undefined {
  const look = rows.map((row) => readAs('AwaitWindow', row)).at(-1);
  const progress = look?.status === 'waiting' ? progressOf(rows) : undefined;
  return progress && look?.opensAt
    ? { deployment, service: progress.deployment.settings.service, until: look.opensAt, because: look.cause }
    : undefined;
}

/** How a service stands, without a deployment of one's own to look at. */
export interface ServiceStatus {
  service: string;
  environment: string;
  /** Null where nothing was ever recorded of the service. */
  live: { slot: Slot; image: string | null; since: string | null; deployment: string | null } | null;
  /** Of the load balancer's rule; what is strange about it where it is none that a deployment leaves; null of a pure worker. */
  weights: Weights | string | null;
  /** Of each slot that the service has. */
  tasks: { slot: Slot; running: number; desired: number }[];
  /** Since when users get the maintenance page; null while the service is open. */
  closedSince: string | null;
  /** The deployment that is at work, or was left half-way, and what it said last. */
  deployment: {
    name: string;
    execution: string;
    /** `waits for a person`: the workflow does nothing by itself. */
    state: 'runs' | 'is over without an end' | 'waits for a person';
    leaseUntil: string;
    givesWayTo: string | null;
    last: { step: string; at: string; said: string } | null;
  } | null;
  /** Which deployments wait for a window, the newest first. */
  waiting: WaitingDeployment[];
  /** What the newest release has left to do, contract migrations that were not begun among it; empty for nothing. */
  remains: string;
  /** Can the live version be taken back, until when, and until when within seconds? */
  rollback:
    | { possible: true; until: string; warmUntil: string | null }
    | { possible: false; because: string };
}

function rollbackOf(facts: StatusFacts, progress: Progress | undefined): ServiceStatus['rollback'] {
  const { recorded, held, now, stack, driverRuns } = facts;
  const { deployment, releasedAt, warmUntil } = recorded ?? {};
  if (!deployment || !releasedAt || !progress)
    return { possible: false, because: 'no release stands that could be taken back' };
  const circumstances = { resume: 'rollback', now, held, driverRuns, stack } as const;
  const answer = mayResume(progress, { ...circumstances, released: { deployment, at: releasedAt } });
  if (!answer.yes) return { possible: false, because: answer.because };
  const ends = Date.parse(releasedAt) + progress.deployment.settings.rollback.windowSeconds * 1000;
  return { possible: true, until: new Date(ends).toISOString(), warmUntil: warmUntil ?? null };
}

function deploymentOf({ held, driverRuns, running }: StatusFacts): ServiceStatus['deployment'] {
  if (!held) return null;
  const { holder, execution, stuck, expires, successor } = held;
  const last = newsOf(running, 0).at(-1);
  return {
    name: holder,
    execution,
    state: stuck ? 'waits for a person' : driverRuns ? 'runs' : 'is over without an end',
    leaseUntil: expires,
    givesWayTo: successor ?? null,
    last: last ? { step: last.step, at: last.at, said: last.said } : null,
  };
}

/** @throws InvalidInput for a journal that a newer version wrote */
export function statusOf(facts: StatusFacts): ServiceStatus {
  const { settings, recorded, rule, fleets, released } = facts;
  const { slot, image, releasedAt, deployment, closedAt } = recorded ?? {};
  const completed = released.map((row) => readAs('CompleteDeployment', row)).findLast(Boolean);
  return {
    service: settings.service,
    environment: settings.environment,
    live: slot
      ? { slot, image: image ?? null, since: releasedAt ?? null, deployment: deployment ?? null }
      : null,
    weights: settings.traffic ? ('weights' in rule ? rule.weights : rule.strange) : null,
    tasks: fleets.map(({ slot, fleet }) => ({
      slot,
      running: fleet?.running ?? 0,
      desired: fleet?.desired ?? 0,
    })),
    closedSince: closedAt ?? null,
    deployment: deploymentOf(facts),
    waiting: facts.waiting,
    remains: completed?.remark ?? '',
    rollback: rollbackOf(facts, progressOf(released)),
  };
}

const field = (name: string, value: string) => `  ${name.padEnd(12)}${value}`;

function atWork({
  name,
  state,
  last,
  leaseUntil,
  givesWayTo,
}: NonNullable<ServiceStatus['deployment']>): string[] {
  return [
    field('deployment', `${name} ${state}; lock until ${moment(leaseUntil)}`),
    ...(givesWayTo ? [field('', `it gives way to ${givesWayTo}`)] : []),
    ...(last ? [field('', `${moment(last.at)}  ${last.step}: ${last.said.split('\n')[0]}`)] : []),
  ];
}

/** A service's status for a terminal. */
export function statusText(status: ServiceStatus): string {
  const { live, weights, tasks, closedSince, deployment, waiting, remains, rollback } = status;
  const by = live?.deployment ? `, since ${moment(live.since ?? '')}, by ${live.deployment}` : '';
  const told = tasks.map(({ slot, running, desired }) => `${slot}: ${running} of ${desired}`);
  const quick =
    rollback.possible && rollback.warmUntil ? `, within seconds until ${moment(rollback.warmUntil)}` : '';
  return [
    `${status.service} (${status.environment})`,
    field(
      'live',
      live ? `${live.image ?? 'an unknown image'} in slot ${live.slot}${by}` : 'nothing was recorded yet',
    ),
    ...(weights === null
      ? []
      : [field('weights', typeof weights === 'string' ? weights : describeWeights(weights))]),
    field('tasks', told.join(', ')),
    ...(closedSince ? [field('closed', `users get the maintenance page since ${moment(closedSince)}`)] : []),
    ...(deployment ? atWork(deployment) : [field('deployment', 'none at work, the lock is free')]),
    ...waiting.map(({ deployment: name, because }) => field('waits', `${name}: ${because}`)),
    ...(remains ? [field('remains', remains)] : []),
    field(
      'rollback',
      rollback.possible ? `until ${moment(rollback.until)}${quick}` : `none: ${rollback.because}`,
    ),
  ].join('\n');
}
