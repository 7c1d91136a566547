import type { AlterTableCmd } from 'libpg-query';
import { doublesKey, isKeyOnIndex } from '../keys';
import { readForKey } from '../partitions';
import { own, rule } from '../rule';

export const addDeferrableTwin = rule<AlterTableCmd>({
  id: 'add-deferrable-twin',
  on: ['AT_AddConstraint'],
  condition: 'ADD CONSTRAINT … UNIQUE … DEFERRABLE on columns that have a key already',
  matches: (s) => doublesKey(s) && !isKeyOnIndex(s.node),
  effect: { locks: own('ACCESS EXCLUSIVE'), reads: readForKey, scan: true, breaks: 'yes' },
  says: ({ relation }) => `adding a DEFERRABLE key to ${relation} on columns that have one`,
  because: () => 'its ON CONFLICT on these columns is refused',
  remedy: () => ['Leave the constraint out: the key that is there keeps the values apart.'],
  unsafe: { sql: 'ALTER TABLE items ADD CONSTRAINT items_sku_two UNIQUE (sku) DEFERRABLE' },
  safe: { sql: "COMMENT ON INDEX items_sku_idx IS 'one each'" },
});
