import type { AlterTableCmd } from 'libpg-query';
import { withParts } from '../../catalog';
import { altersNoKey, changesEnforcement, enforces, heirsAsked, namedForeignKey } from '../keys';
import { on, own, rule } from '../rule';

export const alterConstraint = rule<AlterTableCmd>({
  id: 'alter-constraint',
  on: ['AT_AlterConstraint'],
  condition: 'ALTER CONSTRAINT, but not ENFORCED',
  matches: (s) => !enforces(s) && !altersNoKey(s) && heirsAsked(s).length === 0,
  effect: {
    locks: (s) => [
      ...own('ACCESS EXCLUSIVE')({ ...s, alone: undefined }),
      ...(changesEnforcement(s.node)
        ? on(
            'ACCESS EXCLUSIVE',
            namedForeignKey(s).flatMap((name) => withParts(s.catalog, name)),
          )
        : []),
    ],
    breaks: 'conditional',
  },
  says: ({ relation }) => `changing when a constraint of ${relation} is checked`,
  because: () => 'a write that breaks the rule fails earlier or later than before',
  safe: { sql: 'ALTER TABLE orders ALTER CONSTRAINT orders_customer_id_fkey DEFERRABLE' },
});
