import { BIG, columnsOf, quoted, type Table, written } from '../world/world';
import type { Make, Place } from './place';

function inserted({ table }: Place) {
  const own = written(table);
  const values = own.map(({ name, kind }) =>
    name === 'at' ? '901' : name === 'parent_id' ? '1' : kind.value('9100'),
  );
  return `INSERT INTO ${table.sql} (${columnsOf(own)}) VALUES (${values.join(', ')})`;
}

/** Rows of another table refer to its rows: which of them may go is up to those. */
const isReferred = ({ world, table }: Place) =>
  world.tables.some(({ foreign }) => foreign.some(({ to }) => to === table));

const condition = (place: Place): string => {
  const { table, chance } = place;
  const key = table.columns.find(({ name, kind }) => (name === 'id' || name === 'at') && kind.id !== 'uuid');
  const k = key && quoted(key.name);
  return chance.pick(
    k
      ? [
          `${k} = 3`,
          ...(table.rows > BIG ? [`${k} BETWEEN 1 AND 5`] : []),
          `${k} > 0`,
          'true',
          `${k} IS NOT NULL`,
          `${k} IN (1, 2)`,
          `${k} >= 1 AND ${k} < 100000`,
        ]
      : ['true', 'false', '1 = 1'],
  );
};

export const rowStatements: Record<string, Make> = {
  insert: inserted,
  'insert from a table': ({ table, chance }) => {
    if (
      table.primary ||
      table.uniques.length > 0 ||
      table.foreign.length > 0 ||
      table.indexes.some(({ unique }) => unique)
    )
      return undefined;
    const own = written(table);
    void chance;
    return `INSERT INTO ${table.sql} (${columnsOf(own)}) SELECT ${columnsOf(own)} FROM ${table.sql}`;
  },
  update: (place) =>
    place.column.generated || (place.table.kind === 'partitioned' && place.column.name === 'at')
      ? undefined
      : `UPDATE ${place.table.sql} SET ${place.c} = ${place.c}${place.chance.some(0.2) ? '' : ` WHERE ${condition(place)}`}`,
  delete: (place) =>
    isReferred(place)
      ? undefined
      : `DELETE FROM ${place.table.sql}${place.chance.some(0.2) ? '' : ` WHERE ${condition(place)}`}`,
  'delete using': (place) => {
    const other = place.chance.pick(place.world.tables);
    const key = (table: Table) => table.columns.find(({ name, kind }) => name === 'id' && kind.id === 'int');
    return key(place.table) && key(other) && other !== place.table && !isReferred(place)
      ? `DELETE FROM ${place.table.sql} AS t USING ${other.sql} AS o WHERE t.id = o.id`
      : undefined;
  },
  'with that writes': (place) =>
    isReferred(place) || place.table.rules.length > 0
      ? undefined
      : `WITH gone AS (DELETE FROM ${place.table.sql} WHERE ${condition(place)} RETURNING 1) SELECT count(*) FROM gone`,
  merge: (place) => {
    const { table, chance } = place;
    const key = table.columns.find(({ name, kind }) => (name === 'id' || name === 'at') && kind.id === 'int');
    if (!key || table.rules.length > 0 || isReferred(place)) return undefined;
    const source = chance.pick(['(SELECT generate_series(1, 500)) AS s(n)', '(VALUES (1)) AS s(n)']);
    return `MERGE INTO ${table.sql} AS t USING ${source} ON t.${quoted(key.name)} = s.n WHEN MATCHED THEN ${chance.pick(['DELETE', 'DO NOTHING'])}`;
  },
  lock: ({ table, chance }) =>
    `LOCK TABLE ${table.sql} IN ${chance.pick(['ACCESS SHARE', 'ROW EXCLUSIVE', 'SHARE', 'ACCESS EXCLUSIVE'])} MODE`,
  analyze: ({ table }) => `ANALYZE ${table.sql}`,
  clustering: ({ table, chance }) => {
    const index = table.indexes.find(({ unique, plain }) => unique && plain);
    void chance;
    return index && table.kind === 'table' ? `CLUSTER ${table.sql} USING ${quoted(index.name)}` : undefined;
  },
};
