import { about, judgementOf } from '../check';
import { upkeep } from './upkeep';

/** Keys without an index on the side that refers, as "orders_product_fkey on public.orders (product)". */
export interface UnindexedKeysSeen {
  keys: string[];
}

/** To delete what is referred to reads the whole other table, under locks. Source: PostgreSQL documentation, "Constraints", Foreign Keys. */
export const unindexedKeys = upkeep<UnindexedKeysSeen>({
  about: 'foreign keys with an index',
  judge: ({ keys }) =>
    judgementOf(
      {
        warnings: about(
          keys,
          (list) =>
            `no index begins with the columns of ${list}; a DELETE of what they refer to reads the whole table: CREATE INDEX CONCURRENTLY`,
        ),
      },
      'every foreign key has an index',
    ),
  figures: ({ keys }) => ({ 'foreign keys without an index': keys.length }),
});
