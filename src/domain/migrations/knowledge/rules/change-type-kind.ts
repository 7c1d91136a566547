import type { AlterTableCmd } from 'libpg-query';
import { asColumn } from '../../syntax';
import { changesKind, isFreeChange, isHeld } from '../columns';
import { linked } from '../keys';
import { on, own, rule } from '../rule';
import { sqlName, typeText } from '../wording';

export const changeTypeKind = rule<AlterTableCmd>({
  id: 'change-type-kind',
  on: ['AT_AlterColumnType'],
  condition: 'ALTER COLUMN TYPE from numbers, text, times or truth values to another kind of these',
  matches: (s) => !isFreeChange(s) && !isHeld(s) && changesKind(s),
  effect: {
    locks: (s) => [...own('ACCESS EXCLUSIVE')(s), ...on('ACCESS EXCLUSIVE', linked(s))],
    rewrite: true,
    scan: true,
    breaks: 'yes',
    reversible: false,
  },
  says: (s) =>
    `making ${s.name} of ${s.relation} ${typeText(asColumn(s.node.def)?.typeName)}, with all its rows and indexes,`,
  because: ({ name }) =>
    `comparisons of ${name} with values of the type before fail, and drivers return another type`,
  remedy: ({ relation, name, node }) =>
    `ALTER TABLE ${sqlName(relation)} ADD COLUMN ${sqlName(`${name}_new`)} ${typeText(asColumn(node.def)?.typeName)}; write both by a trigger, fill the old rows in batches, read the new one in the next release, drop the old one in a later release`,
  unsafe: { sql: 'ALTER TABLE items ALTER COLUMN id TYPE text' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN id_new text' },
});
