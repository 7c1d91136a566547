import type { Result } from '../../attempts/attempt';
import type { Finding as Obstacle } from '../../doctor/finding';
import type { JournalRow } from '../../results/row';
import type { ServiceStatus } from '../status';

/** When the points of a checklist are due, seen from the release, in their order. */
export const TIMES = ['T-48 h', 'T-1 h', 'during', 'T+2 h'] as const;
export type Time = (typeof TIMES)[number];

/**
 * `proven`: a command or the deployment has shown it. `not so`: it was looked at, and is otherwise. `open`: nobody has looked
 * yet. `people`: no program can know.
 */
export type State = 'proven' | 'not so' | 'open' | 'people';

/** What is known of a point, and by what; of an open one how it is shown. */
export interface Seen {
  state: State;
  says: string;
}

/** One line of a checklist. */
export interface Point extends Seen {
  at: Time;
  what: string;
}

/** What a checklist is filled in from; each part may be missing, and leaves its points open. */
export interface Known {
  /** Of the deployment, or of its plan, in their order. */
  rows?: readonly JournalRow[];
  /** The release's files: how many migrations they are, and what of them would stop a deployment. */
  files?: { migrations: number; stopping: readonly string[] };
  /** What `greenlight try` has said. */
  tried?: readonly Result[];
  /** What `greenlight doctor` has said of the workflow and the service. */
  obstacles?: readonly Obstacle[];
  status?: ServiceStatus;
}

export const proven = (says: string): Seen => ({ state: 'proven', says });
export const notSo = (says: string): Seen => ({ state: 'not so', says });
export const open = (says: string): Seen => ({ state: 'open', says });
