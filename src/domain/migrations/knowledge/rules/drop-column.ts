import type { AlterTableCmd } from 'libpg-query';
import { ident } from '../../names';
import { dependants, isNewColumn, referred } from '../keys';
import { on, own, rule } from '../rule';
import { dropsLater, sqlName } from '../wording';

export const dropColumn = rule<AlterTableCmd>({
  id: 'drop-column',
  on: ['AT_DropColumn'],
  condition: 'DROP COLUMN, but not of one that the release itself has added',
  matches: (s) => !isNewColumn(s),
  effect: {
    locks: (s) => [
      ...own('ACCESS EXCLUSIVE')(s),
      ...on('ACCESS EXCLUSIVE', referred(s.catalog, s.table, s.name)),
      ...on('ACCESS EXCLUSIVE', s.node.behavior === 'DROP_CASCADE' ? dependants(s, s.name) : []),
    ],
    breaks: 'yes',
    reversible: false,
    losesData: true,
  },
  says: ({ name, relation }) => `dropping ${name} of ${relation}`,
  because: ({ name }) => `every statement that names ${name} fails`,
  remedy: ({ relation, name }) => [
    dropsLater(name),
    'Until then, let the database say so.',
    `COMMENT ON COLUMN ${sqlName(relation)}.${ident(name)} IS 'deprecated';`,
  ],
  unsafe: { sql: 'ALTER TABLE orders DROP COLUMN customer_id' },
  safe: { sql: "COMMENT ON COLUMN orders.customer_id IS 'deprecated'" },
});
