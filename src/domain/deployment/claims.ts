import type { DataRecord } from '../database/row-record';
import type { VitalsRead } from '../evidence/database';
import type { Slice } from '../evidence/performance';
import type { TestResult } from '../evidence/smoke-tests';
import type { TrialLook } from '../evidence/trial';
import type { Calls, UsageBefore } from '../migrations/usage';
import type { PushStarted } from '../request/pushed';
import type { RowsChanged, SeedsLook, Unseen } from '../seeds/proof';
import type { Drain } from '../traffic/streams';
import type { Observed } from '../validation';
import type { Touched } from '../validation/touched';
import type { Waited } from '../windows/waited';
import type { WorkerActivity } from '../workers/moves';
import type { Trial } from './variables';

/** A revision of a task definition with the release's image in it. */
export interface Revision {
  /** Its ARN. */
  taskDefinition: string;
  /** Containers whose end ends the task. */
  essential: string[];
}

/** A task definition for trials, by its ARN; whether its container has a health check, and where its output goes. */
export interface TrialDefinition extends Pick<Trial, 'checked' | 'log'> {
  taskDefinition: string;
}

/** A worker before a deployment changed it. */
export interface WorkerBefore {
  /** ARN of a revision. */
  taskDefinition: string;
}

/**
 * Every claim of a deployment in the journal table, by name: what an effect is about to use, so that it happens once, and what
 * is too much to travel through an execution. The first value of a name stays.
 */
export interface Claims {
  /** Of an event: the deployment that it started. */
  started: string;
  /** Of an image: the deployment that its push started, and when. */
  pushed: PushStarted;
  /** The revisions that run the new version and its migrations. */
  green: Revision;
  migration: Revision;
  /** What a worker ran before, what it runs with the new version, and when it was told so: under its name. */
  [before: `worker#${string}`]: WorkerBefore;
  [revision: `worker-revision#${string}`]: Revision;
  [told: `worker-told#${string}`]: string;
  /** What a worker did before it was stopped for a maintenance window, under the name of what stops as one. */
  [stopped: `worker-stopped#${string}`]: WorkerActivity;
  /** What blue's trials run. */
  trial: TrialDefinition;
  /** What a trial has shown, by when it was started. */
  [trial: `trial#${string}`]: TrialLook;
  /** The database before its migrations. */
  before: Observed;
  /** The tables that the migrations touch, and their rows before. */
  touched: Touched;
  /** When the database was first looked at, by its own clock. */
  'first-look': string;
  /** Who used what the contract migrations take away: before the release, and when the previous version was gone. */
  'usage-before': UsageBefore;
  'usage-gone': Calls;
  /** The rows of a closed service before its migrations. */
  data: DataRecord;
  /** How the database was doing before the first user reached green. */
  'vitals-before': VitalsRead;
  /** What requests and functions found of green, while tasks are still at it. */
  'smoke-results': TestResult[];
  /** Of a performance test, by its index: which function began which slice, what came of it, when all were there, and what they said. */
  [begun: `slice-begun#${string}`]: { by: string; at: string };
  [slice: `slice#${string}`]: Slice;
  [ended: `wave-ended#${number}`]: string;
  [judged: `performance#${number}`]: TestResult;
  /** An integration test's task and when it was started, under its mark. */
  [mark: `greenlight/smoke-${number}/${string}`]: { task: string; at: string };
  /** Runs of migrations whose statements wait for open transactions by design, and so without lock_timeout. */
  patient: string[];
  /** When ECS was first asked for a migration's task, and the ARN of the task. */
  [asked: `task-asked#${string}`]: string;
  [task: `task#${string}`]: string;
  /** Pending migrations that run outside of a transaction; absent where all run in one. */
  untransacted: string[];
  /** Why a run of the migrations or of the seeds, by its name, was cancelled, and when; and when the next one was decided on. */
  [cancelled: `cancelled#${string}`]: { at: string; cause: string };
  [again: `again#${string}`]: string;
  /** When it was told that a run takes long. */
  [warned: `warned#${string}`]: string;
  /** The database before the seeds ran, and after their first run; what the second changed, and why that one did not end well. */
  'seeds-before': SeedsLook | Unseen;
  'seeds-first': SeedsLook | Unseen;
  'seeds-second': RowsChanged & Pick<SeedsLook, 'writes'> & { at: string };
  'seeds-failed': string;
  /** How taking the seeds back has ended. */
  unseeded: { ok: boolean; cause: string };
  /** The snapshot that was begun right before the contract migrations. */
  'contract-snapshot': string;
  /** The database before its contract migrations. */
  'contract-before': Observed;
  /** When an execution, by its ARN, began to stop blue. */
  [since: `retiring#${string}`]: string;
  /** How the tasks of blue, which streams are open on, began to be ended; and what was open when the last was. */
  draining: Drain;
  'streams-ended': string;
  /** What it stood for when it first began to wait for a window. */
  awaited: Waited;
  /** The execution, by its ARN, that ended its wait instead of its own one. */
  'wait-ended': string;
  /** When the workflow first saw what an operator asked of it; the request's own time follows. */
  [seen: `control-seen#${string}`]: string;
}
export type ClaimName = keyof Claims;
