import { noLocks, rule } from '../rule';

export const dropCast = rule({
  id: 'drop-cast',
  on: ['DropStmt:OBJECT_CAST'],
  condition: 'DROP CAST',
  matches: () => true,
  effect: { locks: noLocks, breaks: 'conditional' },
  says: () => 'dropping a cast',
  because: () => 'its statements that need the cast, written or not, fail',
  safe: { sql: 'CREATE CAST (plan_kind AS int) WITH INOUT; DROP CAST (plan_kind AS int)' },
});
