import type { AlterTableCmd } from 'libpg-query';
import { asColumn } from '../../syntax';
import { changesKind, isFreeChange, isHeld } from '../columns';
import { linked } from '../keys';
import { on, own, rule } from '../rule';
import { columnBeside, typeText } from '../wording';

export const changeType = rule<AlterTableCmd>({
  id: 'change-type',
  on: ['AT_AlterColumnType'],
  condition: 'ALTER COLUMN TYPE that stores values in another way',
  matches: (s) => !isFreeChange(s) && !isHeld(s) && !changesKind(s),
  effect: {
    locks: (s) => [...own('ACCESS EXCLUSIVE')(s), ...on('ACCESS EXCLUSIVE', linked(s))],
    rewrite: true,
    scan: true,
    breaks: 'conditional',
    reversible: false,
  },
  says: (s) =>
    `writing ${s.relation} and its indexes anew to make ${s.name} ${typeText(asColumn(s.node.def)?.typeName)}`,
  because: () => 'drivers may return another type, and named prepared statements fail',
  remedy: ({ relation, name, node }) =>
    columnBeside(relation, name, `${name}_new`, typeText(asColumn(node.def)?.typeName)),
  unsafe: { sql: 'ALTER TABLE items ALTER COLUMN order_id TYPE numeric' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN order_id_new numeric' },
});
