import { noLocks, rule } from '../rule';
import { replacesRoutine } from '../users';

export const replaceFunction = rule<object>({
  id: 'replace-function',
  on: ['CreateFunctionStmt', 'AlterFunctionStmt'],
  condition: 'CREATE OR REPLACE FUNCTION of one that may be there, ALTER FUNCTION',
  matches: replacesRoutine,
  effect: { locks: noLocks, breaks: 'conditional' },
  says: () => 'putting another function in the place of one that is called',
  because: () => 'its calls and triggers run what the function does from now on',
  safe: { sql: "CREATE OR REPLACE FUNCTION unused() RETURNS int LANGUAGE sql AS 'SELECT 2'" },
});
