import type { AlterTableCmd } from 'libpg-query';
import { asConstraint } from '../../syntax';
import { builtOn } from '../partitions';
import { own, rule } from '../rule';
import { tableBeside } from '../wording';

export const addExclusion = rule<AlterTableCmd>({
  id: 'add-exclusion',
  on: ['AT_AddConstraint'],
  condition: 'ADD EXCLUDE',
  matches: ({ node }) => asConstraint(node.def)?.contype === 'CONSTR_EXCLUSION',
  effect: { locks: own('ACCESS EXCLUSIVE'), reads: builtOn, scan: true, breaks: 'conditional' },
  says: ({ relation }) => `comparing the rows of ${relation} with each other`,
  because: () => 'its writes fail where they do not fit the new rule',
  remedy: ({ relation }) => [tableBeside(relation, 'the rule')],
  unsafe: { sql: 'ALTER TABLE items ADD EXCLUDE USING btree (sku WITH =)' },
  safe: { sql: 'CREATE TABLE items_new (LIKE items, EXCLUDE USING btree (sku WITH =))' },
});
