import type { Strategy } from '../../../src/domain/settings/choices';
import type { Kind } from '../cases';

/** What happens to a service: plain data, so that a story is read, kept and played again. */
export interface Story {
  /** One after the other; the next begins when nothing of the one before runs any more. */
  deployments: Deployment[];
}

export const versions = ['v2', 'v1', 'v7', 'v3', 'v4', 'v5', 'v6'] as const;
export type Version = (typeof versions)[number];

export interface Release {
  version: Version;
  strategy: Strategy | 'AUTO';
  /** Whether its migrations are to be run. */
  migrations: 'run' | 'none';
  onBusy: 'reject' | 'wait' | 'supersede';
}

export interface Deployment extends Release {
  /** Somebody has to agree; nobody does unless an event says so. */
  approval: boolean;
  /** The previous version is kept running after the release. */
  warm: boolean;
  /** Who decides about a rollback once all users are on the new version. */
  wayBack: 'automatic' | 'confirm' | 'propose';
  events: Event[];
}

/** A fault at a Task, as the table of faults has it. */
interface Befalls {
  kind: 'fault';
  at: string;
  befalls: Exclude<Kind, `stopped${string}`>;
}
/** Calls of the workflow to one operation of AWS, the first so many. */
interface Fails {
  kind: 'call';
  operation: string;
  fails: 'before' | 'after' | 'throttle' | 'slow' | 'deny';
  times: number;
}
/** The event that tells of an execution's bad end. */
interface Told {
  kind: 'told';
  told: 'twice' | 'never';
}
/** When the state is first entered, or when nothing of the deployment runs any more. */
export type Moment = { entered: string } | 'over';

export const verbs = [
  'stop',
  'roll back',
  'approve',
  'reject',
  'pause',
  'resume',
  'redrive',
  'start again',
] as const;
/** What an operator does. */
interface Command {
  kind: 'command';
  when: Moment;
  verb: (typeof verbs)[number];
}
/** Another deployment of the service, asked for meanwhile. */
interface Second {
  kind: 'second';
  when: Moment;
  deploy: Release;
}

export const meddlings = ['task', 'weights', 'orders', 'products'] as const;
/** A task of green is lost, weights are moved, a table is locked for a while. */
interface Meddling {
  kind: 'meddling';
  when: Moment;
  with: (typeof meddlings)[number];
}

/** What lies ready from the beginning of a deployment on. */
export type Prepared = Befalls | Fails | Told;
/** What is done at its moment. */
export type Timed = Command | Second | Meddling;
export type Event = Prepared | Timed;

export const isTimed = (event: Event): event is Timed => 'when' in event;
