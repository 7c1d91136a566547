import type { AlterTableCmd } from 'libpg-query';
import { checksOn, isChecked, isFreeChange, isHeld } from '../columns';
import { linked } from '../keys';
import { on, own, rule } from '../rule';
import { sqlName } from '../wording';

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
  remedy: (s) =>
    `drop ${checksOn(s).join(', ')} of ${sqlName(s.relation)}, change the type, add it again NOT VALID and VALIDATE it in the next migration`,
  unsafe: { sql: 'ALTER TABLE items ALTER COLUMN shelf TYPE varchar(40)' },
  safe: {
    sql: "ALTER TABLE items DROP CONSTRAINT items_shelf_check; ALTER TABLE items ALTER COLUMN shelf TYPE varchar(40); ALTER TABLE items ADD CONSTRAINT items_shelf_check CHECK (shelf <> '') NOT VALID",
  },
});
