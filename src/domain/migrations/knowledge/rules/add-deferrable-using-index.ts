import type { AlterTableCmd } from 'libpg-query';
import { doublesKey, isKeyOnIndex } from '../keys';
import { own, rule } from '../rule';

export const addDeferrableUsingIndex = rule<AlterTableCmd>({
  id: 'add-deferrable-using-index',
  on: ['AT_AddConstraint'],
  condition: 'ADD CONSTRAINT … USING INDEX … DEFERRABLE of an index that was there before the release',
  matches: (s) => isKeyOnIndex(s.node) && doublesKey(s),
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ relation }) => `making a DEFERRABLE key of ${relation} out of an index that is there`,
  because: () => 'its ON CONFLICT on these columns is refused',
  remedy: () => [
    'Leave DEFERRABLE out, or wait until no version that runs names the columns behind ON CONFLICT.',
  ],
  unsafe: {
    sql: 'ALTER TABLE items ADD CONSTRAINT items_sku_key UNIQUE USING INDEX items_sku_idx DEFERRABLE',
  },
  safe: { sql: 'ALTER TABLE items ADD CONSTRAINT items_sku_key UNIQUE USING INDEX items_sku_idx' },
});
