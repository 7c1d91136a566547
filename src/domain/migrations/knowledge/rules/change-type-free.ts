import type { AlterTableCmd } from 'libpg-query';
import { isChecked, isFreeChange, viewsOf } from '../columns';
import { linked } from '../keys';
import { nothing, on, own, rule } from '../rule';

export const changeTypeFree = rule<AlterTableCmd>({
  id: 'change-type-free',
  on: ['AT_AlterColumnType'],
  condition: 'ALTER COLUMN TYPE that only widens, as varchar(50) to varchar(100) or to text',
  matches: (s) => isFreeChange(s) && !isChecked(s) && viewsOf(s).length === 0,
  effect: { locks: (s) => [...own('ACCESS EXCLUSIVE')(s), ...on('ACCESS EXCLUSIVE', linked(s))] },
  says: ({ name, relation }) => `widening ${name} of ${relation}`,
  remedy: nothing,
  safe: { sql: 'ALTER TABLE customers ALTER COLUMN note TYPE varchar' },
});
