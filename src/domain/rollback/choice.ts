import { type Recorded, unrecorded } from '../migrations/recorded';
import type { ToolName } from '../migrations/types';
import { type Cell, rowOf } from './table';

/** What the database is, told by the tool's history table and the schema's fingerprint. */
export interface SchemaState extends Recorded {
  fingerprint: string;
}

export interface RollbackFacts {
  /** A migration task was started, as far as anybody knows. */
  started: boolean;
  /** It ended well and was verified. */
  migrated: boolean;
  /** Users were on green. */
  usersOnGreen: boolean;
  /** Contract migrations were begun. */
  contracted: boolean;
  /** Absent for a release without pending migrations. */
  before?: SchemaState;
  /** Absent when the database could not be read. */
  now?: SchemaState;
  /** Backends of the migration that the server still runs: a client's death does not end them. */
  liveBackends: number;
  /** What taking back would do. */
  downs: Cell['downs'];
  /** Why the previous version cannot start on the schema as it is; null where nobody has found that. */
  cannotStart: string | null;
  /** Ids of what was to be applied, in the tool's order. */
  pending: readonly string[];
  /** The service asks for the schema to be taken back although the previous version works on it. */
  revertSchema: boolean;
  tool: ToolName;
  /** Only for a service that was closed for the migration. */
  window?: ClosedFor;
}

/** What a maintenance window knows beyond the schema. */
export interface ClosedFor {
  /** Users have been on the new version since; until then nobody could write. */
  opened: boolean;
  /** The previous version works on the migrated schema. */
  fitsBlue: boolean;
  /** Rows are as recorded before the migration; undefined when they were not recorded, because it was not near yet. */
  sameData: boolean | undefined;
}

export type RollbackChoice =
  | { action: 'keep'; outcome: 'RolledBack' | 'DeploymentRejected'; because: string }
  | { action: 'revert'; outcome: 'RolledBack'; because: string; keepNewest: string; applied: string[] }
  | { action: 'restore'; outcome: 'RolledBack'; because: string }
  | { action: 'wait'; because: string }
  | { action: 'operator'; because: string };

/** What tools are asked to keep when nothing is to stay. */
const NOTHING = '0';
const NOTHING_OF: Partial<Record<ToolName, string>> = { alembic: 'base' };

/** Ids in the tool's order of what is applied and was not before. */
export const addedSince = (before: SchemaState, now: SchemaState): string[] =>
  now.applied.filter((id) => !before.applied.includes(id));

function shown({ before, now, started, liveBackends, window }: RollbackFacts): Cell['shows'] {
  if (!before || !now) return 'unreadable';
  if (liveBackends > 0) return 'working';
  if (addedSince(before, now).length > 0) return 'applied';
  const same = schemaProblem(before, now, false) === undefined;
  // nobody could write, so rows that differ are the migration's doing
  const sameRows = !window || window.opened || (window.sameData ?? !started);
  return same && sameRows ? 'as before' : 'unrecorded';
}

function reached({ started, migrated, usersOnGreen, contracted }: RollbackFacts): Cell['reached'] {
  if (contracted) return 'contract';
  if (migrated) return usersOnGreen ? 'shift' : 'deploy';
  return started ? 'expand' : 'start';
}

/**
 * The migration of which parts may stand: the first that was to be applied and is not recorded, where the schema is other
 * than before and the history names nothing new.
 */
export function halfApplied(facts: RollbackFacts): string | undefined {
  const { now, pending } = facts;
  return shown(facts) === 'unrecorded' ? pending.find((id) => !now?.applied.includes(id)) : undefined;
}

/** The cell of the table that the facts are. */
export function cellOf(facts: RollbackFacts): Cell {
  const { before, window, revertSchema, downs, cannotStart } = facts;
  return {
    reached: reached(facts),
    migrations: !before ? 'none' : window && !window.fitsBlue ? 'break' : 'fit',
    writes: window && !window.opened ? 'impossible' : 'possible',
    shows: shown(facts),
    downs,
    starts: cannotStart === null ? 'perhaps' : 'no',
    revertSchema: revertSchema ? 'yes' : 'no',
  };
}

/**
 * What to do about the database, from how far the deployment came and what stands there now. Traffic is
 * already back on blue and the migration task has stopped when this is asked.
 */
export function chooseRollback(facts: RollbackFacts): RollbackChoice {
  const { action, because } = rowOf(cellOf(facts));
  const { before, now } = facts;
  const applied = before && now ? addedSince(before, now) : [];
  const named = applied.length > 0 ? `${because} (${applied.join(', ')})` : because;
  const said = [named, ...(facts.cannotStart === null ? [] : [facts.cannotStart])].join('; ');
  switch (action) {
    case 'reject':
      return { action: 'keep', outcome: 'DeploymentRejected', because };
    case 'keep':
    case 'restore':
      return { action, outcome: 'RolledBack', because };
    case 'revert':
      return {
        action,
        outcome: 'RolledBack',
        because: said,
        keepNewest: before?.applied.at(-1) ?? NOTHING_OF[facts.tool] ?? NOTHING,
        applied,
      };
    default:
      return { action, because: said };
  }
}

/** What VerifyRollback compares the schema with: the snapshot's moment, or that moment and what was added since. */
export function schemaProblem(before: SchemaState, now: SchemaState, kept: boolean): string | undefined {
  const left = addedSince(before, now);
  const lost = unrecorded([...before.applied, ...left], now);
  if (lost.length > 0) return `migrations ${lost.join(', ')} are no longer in the history table`;
  if (kept) return undefined;
  if (left.length > 0) return `migrations ${left.join(', ')} are still applied`;
  return now.fingerprint === before.fingerprint
    ? undefined
    : 'the schema differs from what it was before the deployment';
}

/** Why reverting has not led where it should; undefined when exactly the wanted migration is the newest. */
export function revertProblem(applied: readonly string[], keepNewest: string): string | undefined {
  const newest = applied.at(-1);
  const nothing = newest === undefined && [NOTHING, ...Object.values(NOTHING_OF)].includes(keepNewest);
  if (nothing || newest === keepNewest) return undefined;
  return `the revert exited 0, but the newest applied migration is ${newest ?? 'none'}, expected ${keepNewest}`;
}
