import type { AlterTableCmd } from 'libpg-query';
import { isUnenforced } from '../keys';
import { on, own, rule, type Subject } from '../rule';

export const validateConstraint = rule<AlterTableCmd>({
  id: 'validate-constraint',
  on: ['AT_ValidateConstraint'],
  condition: 'VALIDATE CONSTRAINT',
  matches: (s) =>
    !s.table?.constraints.some((known) => known.name === s.name && known.validated) && !isUnenforced(s),
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
