import type { RuleStmt } from 'libpg-query';
import { standsBeforeConflict } from '../keys';
import { only, rule } from '../rule';
import { sqlName } from '../wording';

export const ruleBeforeConflict = rule<RuleStmt>({
  id: 'rule-before-conflict',
  on: ['RuleStmt'],
  condition: 'CREATE RULE on INSERT or UPDATE of a table with a key',
  matches: standsBeforeConflict,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation }) => `creating a rule about writes of ${relation}`,
  because: () =>
    'its INSERT … ON CONFLICT is refused on a table with such a rule, and so is WITH that writes it',
  remedy: ({ relation }) => [
    'Create a trigger, which hinders neither.',
    `CREATE TRIGGER <…> BEFORE INSERT OR UPDATE ON ${sqlName(relation)} FOR EACH ROW EXECUTE FUNCTION <…>();`,
  ],
  unsafe: { sql: 'CREATE RULE customers_seen AS ON INSERT TO customers DO ALSO NOTIFY seen' },
  safe: {
    sql: 'CREATE TRIGGER customers_seen BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION touch()',
  },
});
