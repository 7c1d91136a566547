import type { Catalog, Column, Table } from '../catalog';

/** One step of a staged plan: a migration of its own, or a change of the application alone. */
export interface Stage {
  /** Fit for the name of a file: "backfill_orders_remark". */
  name: string;
  /** In which release it comes, 1 being the one that was to make the change at once. */
  release: number;
  /** At which moment, and what the application has to do by then. */
  when: string;
  /** Empty where only the application changes. */
  up: string;
  /** Empty when there is nothing to take back, null when it cannot be taken back. */
  down: string | null;
  /** In a sentence. */
  why: string;
  /** False for what PostgreSQL refuses inside a transaction, or what commits by itself. */
  transactional: boolean;
  /** Whether the previous version and the one behind it read and write properly once this stage is done. */
  works: { old: boolean; new: boolean };
  /** Belongs into the contract part of its release, which runs once the previous version is gone. */
  phase?: 'contract';
}

/** The steps that make a breaking change without stopping anybody. */
export interface StagedPlan {
  /** "rename column orders.note to remark" */
  change: string;
  /** In the order in which they are carried out. */
  stages: Stage[];
  /** What the plan could not know and has left in angle brackets, e.g. "the type of orders.note". */
  missing: string[];
  /** What only the reader can know, for each pair of angle brackets that no catalog fills: whole sentences. */
  asks?: string[];
  /** What the statement would have kept and the plan does not, in words: a contraction refuses while it stands. */
  notKept?: string[];
}

/** The table a change is about, as it is written in SQL, and what is known of it. */
export interface Target {
  /** Quoted where need be, with its schema where one was written. */
  sql: string;
  schema?: string;
  name: string;
  /** schema.table, the catalog's key. */
  key: string;
  catalog?: Catalog;
  known?: Table;
}

export const columnOf = ({ known }: Target, name: string): Column | undefined =>
  known?.columns.find((column) => column.name === name);

/** Indexes and constraints on a column, which stay with it and have to be made anew on another. */
export const standingOn = ({ known }: Target, column: string): string[] => [
  ...new Set(
    [...(known?.indexes ?? []), ...(known?.constraints ?? [])]
      .filter((one) => one.columns.includes(column) && !('kind' in one && one.kind === 'not-null'))
      .map(({ name }) => name),
  ),
];

type Draft = Pick<Stage, 'name' | 'release' | 'when' | 'up' | 'down' | 'why'> & Partial<Stage>;

/** A stage, transactional and harmless for both versions unless it says otherwise. */
export const stage = (draft: Draft): Stage => ({
  transactional: true,
  works: { old: true, new: true },
  ...draft,
});
