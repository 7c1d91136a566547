import type { AlterTableCmd } from 'libpg-query';
import { ident } from '../../names';
import { checksOn, isChecked, isFreeChange, isHeld } from '../columns';
import { linked } from '../keys';
import { on, own, rule } from '../rule';
import { checksLater, oneLine, sqlName } from '../wording';

export const changeTypeRechecked = rule<AlterTableCmd>({
  id: 'change-type-rechecked',
  on: ['AT_AlterColumnType'],
  condition: 'ALTER COLUMN TYPE that only widens, of a column with a CHECK',
  matches: (s) => isFreeChange(s) && isChecked(s) && !isHeld(s),
  effect: {
    locks: (s) => [...own('ACCESS EXCLUSIVE')(s), ...on('ACCESS EXCLUSIVE', linked(s))],
    scan: true,
    breaks: 'conditional',
  },
  says: ({ name, relation }) => `checking every row of ${relation} again, because ${name} has a CHECK,`,
  because: () => 'named prepared statements that return the column fail',
  remedy: (s) => [
    ...checksOn(s).map((check) => `ALTER TABLE ${sqlName(s.relation)} DROP CONSTRAINT ${ident(check)};`),
    `${oneLine(s.statement)};`,
    ...checksOn(s).flatMap((check) => checksLater(s.relation, check)),
  ],
  unsafe: { sql: 'ALTER TABLE items ALTER COLUMN shelf TYPE varchar(40)' },
  safe: {
    sql: "ALTER TABLE items DROP CONSTRAINT items_shelf_check; ALTER TABLE items ALTER COLUMN shelf TYPE varchar(40); ALTER TABLE items ADD CONSTRAINT items_shelf_check CHECK (shelf <> '') NOT VALID",
  },
});
