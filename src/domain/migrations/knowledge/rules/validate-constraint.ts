import type { AlterTableCmd } from 'libpg-query';
import { on, own, rule, type Subject } from '../rule';

export const validateConstraint = rule<AlterTableCmd>({
  id: 'validate-constraint',
  on: ['AT_ValidateConstraint'],
  condition: 'VALIDATE CONSTRAINT',
  matches: ({ table, name }) => !table?.constraints.some((known) => known.name === name && known.validated),
  effect: {
    locks: ({ relation, table, name, catalog }) => [
      ...own('SHARE UPDATE EXCLUSIVE')({ relation, catalog } as Subject),
      ...on(
        'ROW SHARE',
        table?.constraints.find((known) => known.name === name)?.references?.split('\n') ?? [],
      ),
    ],
    scan: true,
  },
  says: ({ name, relation }) => `checking ${name} on ${relation} beside the traffic`,
  safe: { sql: 'ALTER TABLE orders VALIDATE CONSTRAINT orders_referrer_fkey' },
});
