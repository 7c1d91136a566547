import type { RangeVar } from 'libpg-query';
import { always, rule, whole } from '../rule';

export const createTrigger = rule<{ relation?: RangeVar }>({
  id: 'create-trigger',
  on: ['CreateTrigStmt'],
  condition: 'CREATE TRIGGER',
  matches: always,
  effect: { locks: whole('SHARE ROW EXCLUSIVE'), breaks: 'conditional' },
  says: ({ relation }) => `creating a trigger on ${relation}`,
  because: () => 'its writes run the trigger too',
  safe: { sql: 'CREATE TRIGGER items_stamp BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION touch()' },
});
