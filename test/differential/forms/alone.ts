import { quoted } from '../world/world';
import { anyIndex, newIndex } from './indexes';
import { type Forms, indexOn, maybe, oneOf, partitioned } from './place';

/** What wants no transaction, or is not taken back by one. */
export const alone: Forms = {
  'create index concurrently': (place) => newIndex(place, 'CONCURRENTLY '),
  'drop index concurrently': (place) => {
    const found = anyIndex(place);
    return (
      found &&
      `DROP INDEX CONCURRENTLY ${place.chance.pick(['', 'IF EXISTS '])}${indexOn(found.table, found.index.name)}`
    );
  },
  'index in the place of another': (place) => {
    const found = anyIndex(place);
    const [column] = found?.index.columns ?? [];
    return found && column && found.table.kind === 'table' && found.index.plain
      ? [
          `CREATE ${found.index.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY fresh_idx ON ${found.table.sql} (${found.index.columns.map(quoted).join(', ')})`,
          `DROP INDEX CONCURRENTLY ${indexOn(found.table, found.index.name)}`,
        ]
      : undefined;
  },
  'reindex concurrently': (place) => {
    const found = anyIndex(place);
    return (
      found &&
      oneOf(
        place,
        `REINDEX INDEX CONCURRENTLY ${indexOn(found.table, found.index.name)}`,
        `REINDEX TABLE CONCURRENTLY ${place.table.sql}`,
        `REINDEX (CONCURRENTLY) TABLE ${place.table.sql}`,
        `REINDEX SCHEMA ${place.table.schema}`,
        `REINDEX TABLE ${place.table.sql}`,
      )
    );
  },
  'detach concurrently': (place) => {
    const parent = partitioned(place);
    return (
      parent &&
      `ALTER TABLE ${parent.sql} DETACH PARTITION ${place.chance.pick(parent.partitions)} CONCURRENTLY`
    );
  },
  vacuum: (place) =>
    `VACUUM ${oneOf(place, '', '(FULL FALSE) ', 'FULL ', '(FULL) ', '(ANALYZE) ', '(FULL true) ', '(FULL 0, ANALYZE) ', '(FREEZE) ', 'FREEZE ANALYZE ', '(FULL off) ')}${place.table.sql}`,
  setval: ({ world, chance }) => {
    const sequence = maybe(chance, world.sequences);
    return (
      sequence &&
      `SELECT setval('${sequence}', ${chance.pick(['1', '900000', `(SELECT coalesce(max(n), 1) FROM generate_series(1, 900000) AS n)`])})`
    );
  },
  'enum value by itself': ({ world, chance }) => {
    const type = maybe(chance, world.enums);
    return type && `ALTER TYPE ${type.sql} ADD VALUE 'newest'`;
  },
  'settings of the server': () => "ALTER SYSTEM SET log_min_messages = 'warning'",
};
