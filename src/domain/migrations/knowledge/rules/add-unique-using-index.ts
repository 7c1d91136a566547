import type { AlterTableCmd } from 'libpg-query';
import { doublesKey, isKeyOnIndex, makesNotNull } from '../keys';
import { own, rule } from '../rule';

export const addUniqueUsingIndex = rule<AlterTableCmd>({
  id: 'add-unique-using-index',
  on: ['AT_AddConstraint'],
  condition: 'ADD CONSTRAINT … UNIQUE or PRIMARY KEY USING INDEX; a primary key on columns that are NOT NULL',
  matches: (s) => isKeyOnIndex(s.node) && !makesNotNull(s) && !doublesKey(s),
  effect: { locks: own('ACCESS EXCLUSIVE') },
  says: ({ relation }) => `making a key of ${relation} out of an index that is there`,
  safe: { sql: 'ALTER TABLE items ADD CONSTRAINT items_sku_key UNIQUE USING INDEX items_sku_idx' },
});
