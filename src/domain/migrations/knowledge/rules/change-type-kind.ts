import type { AlterTableCmd } from 'libpg-query';
import { asColumn } from '../../syntax';
import { changesKind, isFreeChange, isHeld } from '../columns';
import { linked } from '../keys';
import { on, own, rule } from '../rule';
import { columnBeside, typeText } from '../wording';

export const changeTypeKind = rule<AlterTableCmd>({
  id: 'change-type-kind',
  on: ['AT_AlterColumnType'],
  condition:
    'ALTER COLUMN TYPE from numbers, text, times or truth values to another kind of these, from one enum to another that does not get its name, or to an array of other elements',
  matches: (s) => !isFreeChange(s) && !isHeld(s) && changesKind(s),
  effect: {
    locks: (s) => [...own('ACCESS EXCLUSIVE')(s), ...on('ACCESS EXCLUSIVE', linked(s))],
    rewrite: true,
    scan: true,
    breaks: 'yes',
    reversible: false,
  },
  says: (s) =>
    `changing the type of ${s.name} of ${s.relation} to ${typeText(asColumn(s.node.def)?.typeName)}`,
  because: ({ name }) =>
    `comparisons of ${name} with values of the previous type fail, and drivers return another type`,
  remedy: ({ relation, name, node }) =>
    columnBeside(relation, name, `${name}_new`, typeText(asColumn(node.def)?.typeName)),
  unsafe: { sql: 'ALTER TABLE items ALTER COLUMN id TYPE text' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN id_new text' },
});
