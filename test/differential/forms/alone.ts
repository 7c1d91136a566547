import { anyIndex, newIndex } from './indexes';
import type { Make } from './place';
import { maybe } from './place';
import { indexOn } from './tables';

/** What wants no transaction, or is not taken back by one. */
export const alone: Record<string, Make> = {
  'create index concurrently': (place) => newIndex(place, 'CONCURRENTLY '),
  'drop index concurrently': (place) => {
    const found = anyIndex(place);
    return found && `DROP INDEX CONCURRENTLY ${indexOn(found.table, found.index.name)}`;
  },
  'reindex concurrently': (place) => {
    const found = anyIndex(place);
    return (
      found &&
      place.chance.pick([
        `REINDEX INDEX CONCURRENTLY ${indexOn(found.table, found.index.name)}`,
        `REINDEX TABLE CONCURRENTLY ${place.table.sql}`,
      ])
    );
  },
  'detach concurrently': ({ world, chance }) => {
    const parent = maybe(
      chance,
      world.tables.filter(({ kind }) => kind === 'partitioned'),
    );
    return (
      parent && `ALTER TABLE ${parent.sql} DETACH PARTITION ${chance.pick(parent.partitions)} CONCURRENTLY`
    );
  },
  vacuum: ({ table, chance }) =>
    `VACUUM ${chance.pick(['', '(FULL FALSE) ', 'FULL ', '(FULL) ', '(ANALYZE) ', '(FULL true) '])}${table.sql}`,
  setval: ({ world, chance }) => {
    const sequence = maybe(chance, world.sequences);
    return sequence && `SELECT setval('${sequence}', ${chance.pick(['1', '900000'])})`;
  },
};
