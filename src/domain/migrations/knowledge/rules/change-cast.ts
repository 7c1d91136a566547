import type { CreateCastStmt } from 'libpg-query';
import { noLocks, rule, type Subject } from '../rule';

/** CREATE CAST … AS IMPLICIT or AS ASSIGNMENT, which PostgreSQL uses where no statement says so. */
export const isUnwritten = ({ node }: Subject<object>): boolean =>
  (node as CreateCastStmt).context !== 'COERCION_EXPLICIT';

export const changeCast = rule<object>({
  id: 'change-cast',
  on: ['DropStmt:OBJECT_CAST', 'CreateCastStmt'],
  condition: 'DROP CAST, CREATE CAST … AS IMPLICIT or AS ASSIGNMENT',
  matches: (s) => s.form !== 'CreateCastStmt' || isUnwritten(s),
  effect: { locks: noLocks, breaks: 'conditional' },
  says: () => 'changing which values become others by themselves',
  because: () => 'its statements that need a cast, written or not, may fail or mean something else',
  safe: { sql: 'CREATE CAST (plan_kind AS int) WITH INOUT AS IMPLICIT; DROP CAST (plan_kind AS int)' },
});
