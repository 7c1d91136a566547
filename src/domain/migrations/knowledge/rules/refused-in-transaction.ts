import type { AlterDatabaseStmt, ClusterStmt, DiscardStmt, Node, ReindexStmt, VacuumStmt } from 'libpg-query';
import { options } from '../../syntax';
import { noLocks, rule, type Subject } from '../rule';

/** Statements that PostgreSQL takes in no transaction. Source: utility.c, PreventInTransactionBlock. */
const ALONE: Record<string, (subject: Subject) => boolean> = {
  AlterSystemStmt: () => true,
  CreatedbStmt: () => true,
  DropdbStmt: () => true,
  CreateTableSpaceStmt: () => true,
  DropTableSpaceStmt: () => true,
  DiscardStmt: ({ node }) => (node as DiscardStmt).target === 'DISCARD_ALL',
  AlterDatabaseStmt: ({ node }) => options((node as AlterDatabaseStmt).options).includes('tablespace'),
  VacuumStmt: ({ node }) => (node as VacuumStmt).is_vacuumcmd === true,
  ClusterStmt: ({ node, table }) =>
    (node as ClusterStmt).relation === undefined || table?.kind === 'partitioned',
  ReindexStmt: ({ node, table }) =>
    !/_(?:INDEX|TABLE)$/.test((node as ReindexStmt).kind ?? '') || table?.kind === 'partitioned',
};

export const refusedInTransaction = rule<{ params?: Node[] }>({
  id: 'refused-in-transaction',
  on: Object.keys(ALONE),
  condition: 'VACUUM, ALTER SYSTEM, CREATE or DROP DATABASE and others that want no transaction, inside one',
  matches: (s) => s.inTransaction && ALONE[s.form]?.(s) === true,
  effect: { locks: noLocks, fails: true },
  says: ({ relation }) => `running this${relation === '' ? '' : ` on ${relation}`} inside of a transaction`,
  remedy: () => ['Give the statement a migration of its own that the tool runs without a transaction.'],
  unsafe: { sql: 'BEGIN; VACUUM logs; COMMIT' },
  safe: { sql: 'VACUUM logs' },
});
