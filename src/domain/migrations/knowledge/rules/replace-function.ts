import { noLocks, rule } from '../rule';
import { replacesRoutine } from '../users';

export const replaceFunction = rule<object>({
  id: 'replace-function',
  on: ['CreateFunctionStmt', 'AlterFunctionStmt', 'DefineStmt'],
  condition:
    'CREATE OR REPLACE of a function or an aggregate that may be there, another one of its name, ALTER FUNCTION',
  matches: replacesRoutine,
  effect: { locks: noLocks, breaks: 'conditional' },
  says: () => 'putting another function in the place of one that is called',
  because: () =>
    'its calls and triggers run what the function does from now on, and a call that fits two of one name is refused',
  safe: { sql: "CREATE OR REPLACE FUNCTION unused() RETURNS int LANGUAGE sql AS 'SELECT 2'" },
});
