import type { AlterTableCmd } from 'libpg-query';
import { ident } from '../../names';
import { alteredConstraint, altersNoKey, enforces, namedForeignKey } from '../keys';
import { on, own, rule } from '../rule';
import { sqlName, validatesLater } from '../wording';

export const enforceConstraint = rule<AlterTableCmd>({
  id: 'enforce-constraint',
  on: ['AT_AlterConstraint'],
  condition: 'ALTER CONSTRAINT … ENFORCED (18): the rows are checked under the lock',
  matches: (s) => enforces(s) && !altersNoKey(s),
  effect: {
    locks: (s) => [...own('ACCESS EXCLUSIVE')(s), ...on('SHARE ROW EXCLUSIVE', namedForeignKey(s))],
    scan: true,
    breaks: 'conditional',
  },
  says: (s) =>
    `comparing every row of ${s.relation}${namedForeignKey(s).length > 0 ? ` with ${namedForeignKey(s).join(' and ')}` : ''}`,
  because: () => 'its writes fail where they do not fit the rule',
  remedy: ({ relation, node }) => [
    `ALTER TABLE ${sqlName(relation)} DROP CONSTRAINT ${ident(alteredConstraint(node))};`,
    'Add it again as NOT VALID.',
    ...validatesLater(relation, alteredConstraint(node)),
  ],
  unsafe: {
    sql: 'ALTER TABLE orders ADD CONSTRAINT orders_loose FOREIGN KEY (total) REFERENCES customers NOT ENFORCED; ALTER TABLE orders ALTER CONSTRAINT orders_loose ENFORCED',
  },
  safe: {
    sql: 'ALTER TABLE orders ADD CONSTRAINT orders_loose FOREIGN KEY (total) REFERENCES customers NOT VALID',
  },
});
