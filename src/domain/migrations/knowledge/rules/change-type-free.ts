import type { AlterTableCmd } from 'libpg-query';
import { ident } from '../../names';
import { isChecked, isFreeChange, isHeld, rebuiltIndexes } from '../columns';
import { linked } from '../keys';
import { on, own, rule } from '../rule';
import { sqlName } from '../wording';

export const changeTypeFree = rule<AlterTableCmd>({
  id: 'change-type-free',
  on: ['AT_AlterColumnType'],
  condition: 'ALTER COLUMN TYPE that only widens, as varchar(50) to varchar(100) or to text',
  matches: (s) => isFreeChange(s) && !isChecked(s) && !isHeld(s) && rebuiltIndexes(s).length === 0,
  effect: {
    locks: (s) => [...own('ACCESS EXCLUSIVE')(s), ...on('ACCESS EXCLUSIVE', linked(s))],
    breaks: 'conditional',
  },
  says: ({ name, relation }) => `widening ${name} of ${relation}`,
  because: ({ relation, name }) =>
    `named prepared statements that return the column fail, and its statistics are gone until ANALYZE ${sqlName(relation)} (${ident(name)})`,
  safe: { sql: 'ALTER TABLE customers ALTER COLUMN note TYPE varchar' },
});
