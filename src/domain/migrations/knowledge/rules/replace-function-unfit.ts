import type { CreateFunctionStmt } from 'libpg-query';
import { unfitRoutine } from '../../routines';
import { noLocks, rule } from '../rule';

export const replaceFunctionUnfit = rule<CreateFunctionStmt>({
  id: 'replace-function-unfit',
  on: ['CreateFunctionStmt'],
  condition:
    'CREATE FUNCTION of one that is there, CREATE OR REPLACE with another result, other names of parameters, fewer defaults, or of a procedure',
  matches: (s) => unfitRoutine(s.catalog, s.node) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `making a function where ${unfitRoutine(s.catalog, s.node)}`,
  remedy: () => ['Give the new one another name, or drop the one that is there once nobody calls it.'],
  unsafe: { sql: "CREATE OR REPLACE FUNCTION unused() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$" },
  safe: { sql: "CREATE OR REPLACE FUNCTION unused() RETURNS int LANGUAGE sql AS 'SELECT 2'" },
});
