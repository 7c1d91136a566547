import type { AlterTableCmd } from 'libpg-query';
import { type Catalog, EVERY_TABLE, partitionsOf, type Table } from '../catalog';
import type { Statement } from '../parse';
import type { LockMode, LockTaken } from '../types';

/** One thing that a statement does: a part of an ALTER TABLE, one object of a DROP, or the whole statement. */
export interface Subject<N = unknown> {
  /** "AT_AddColumn", "DropStmt:OBJECT_TABLE", "RenameStmt:OBJECT_COLUMN", else the statement's tag. */
  form: string;
  /** The parser's tree: of the part for forms that begin with AT_, else of the statement. */
  node: N;
  statement: Statement;
  /** As earlier statements have left it. */
  catalog: Catalog;
  /** The relation that is meant, as schema.name; empty when there is none. */
  relation: string;
  /** What is known of it. */
  table?: Table;
  /** The column that is meant, or the constraint. */
  name: string;
  /** What comes after it in the same file. */
  following: Statement[];
  /** A transaction is open around it. */
  inTransaction: boolean;
  /** TimeZone of the session; undefined when nobody knows. */
  timeZone?: string;
  /** ALTER TABLE ONLY, CREATE INDEX … ON ONLY: not what inherits from it. */
  alone?: boolean;
  /** All parts of an ALTER TABLE. */
  parts?: AlterTableCmd[];
}

/** What happens, before it is known how big the table is. */
export interface Effect<N = unknown> {
  locks(subject: Subject<N>): LockTaken[];
  /** The tables whose size decides how long it takes; all that are locked unless said. */
  reads?(subject: Subject<N>): string[];
  /** The table is written anew while the lock is held. */
  rewrite?: boolean;
  /** The table is read whole while the lock is held. */
  scan?: boolean;
  /** Takes as long as the table is big without being either. */
  slow?: boolean;
  /** Writers wait for rows although the table's lock lets them in. */
  locksRows?: boolean;
  /** What is locked has no writers but statements like this one. */
  nobodyWrites?: boolean;
  /** Readers wait for an index although the table's lock lets them in: each plan opens all indexes. */
  hidesIndex?: boolean;
  /** Nobody knows how many rows are written: where the table is big that may be as bad as all of them. */
  uncounted?: boolean;
  breaks?: 'no' | 'yes' | 'conditional';
  /** False when the state before cannot be had back by a statement. */
  reversible?: boolean;
  losesData?: boolean;
  /** PostgreSQL says nothing and does nothing, although something has to be done. */
  inVain?: boolean;
  /** PostgreSQL refuses it where it stands. */
  fails?: boolean;
}

/** A piece of knowledge: which statements, in which situation, do what, and what to do instead. */
export interface Rule<N = unknown> {
  /** Name of its file. */
  id: string;
  /** Forms it is about. */
  on: string[];
  /** The situation, in words. */
  condition: string;
  matches(subject: Subject<N>): boolean;
  effect: Effect<N>;
  /** What the statement does, as the beginning of a sentence: "dropping note of public.orders". */
  says(subject: Subject<N>): string;
  /** What becomes of the live version, as the end of a sentence; for effects that break it or lose data. */
  because?(subject: Subject<N>): string;
  /**
   * What to do instead, with the user's names, line by line: a statement ends with a semicolon, a sentence with a full stop,
   * and `<…>` stands for what only the user knows. Absent when nothing is to be done.
   */
  remedy?(subject: Subject<N>): string[];
  /** Examples on the tables of the proofs. What needs no remedy has only a safe one. */
  unsafe?: { sql: string };
  safe: { sql: string };
}

export const rule = <N>(given: Rule<N>): Rule<N> => given;

export const always = () => true;

/** What is locked, in words where the statement names nothing and is about all there is. */
export const meant = ({ relation }: Pick<Subject, 'relation'>): string => relation || EVERY_TABLE;

/** The lock on the relation and on its partitions. */
export const own =
  (mode: LockMode) =>
  (subject: Subject): LockTaken[] => [
    { relation: meant(subject), mode },
    ...(subject.alone
      ? []
      : on(
          mode,
          partitionsOf(subject.catalog, subject.relation).map(({ name }) => name),
        )),
  ];

/** The lock on the relation and, where it is partitioned, on its partitions; not on what inherits from it. */
export const whole =
  (mode: LockMode) =>
  (subject: Subject): LockTaken[] =>
    (subject.table?.kind === 'partitioned' ? own : only)(mode)(subject);

/** The lock on the relation alone. */
export const only =
  (mode: LockMode) =>
  (subject: Subject): LockTaken[] => [{ relation: meant(subject), mode }];

/** The same lock on each relation. */
export const on = (mode: LockMode, relations: string[]): LockTaken[] =>
  relations.map((relation) => ({ relation, mode }));

export const noLocks = (): LockTaken[] => [];

/** A table's name without its schema, as the beginning of names made up for it. */
export const bare = (relation: string): string => relation.slice(relation.indexOf('.') + 1);
