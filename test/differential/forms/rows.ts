import { BIG, columnsOf, quoted, type Table, written } from '../world/world';
import { type Forms, isKey, isText, oneOf, type Place } from './place';

const values = (table: Table) =>
  written(table).map(({ name, kind }) =>
    name === 'at' ? '901' : name === 'region' ? "'b'" : name === 'parent_id' ? '1' : kind.value('9100'),
  );

const inserted = ({ table }: Place) =>
  `INSERT INTO ${table.sql} (${columnsOf(written(table))}) VALUES (${values(table).join(', ')})`;

/** Rows of another table refer to its rows: which of them may go is up to those. */
const isReferred = ({ world, table }: Place) =>
  world.tables.some(({ foreign }) => foreign.some(({ to }) => to === table));

const keyOf = ({ table }: Place) =>
  table.columns.find(({ name, kind }) => (name === 'id' || name === 'at') && kind.id !== 'uuid');

const condition = (place: Place): string => {
  const { table, c, column } = place;
  const key = keyOf(place);
  const k = key && quoted(key.name);
  return k
    ? oneOf(
        place,
        `${k} = 3`,
        table.rows > BIG && `${k} BETWEEN 1 AND 5`,
        `${k} > 0`,
        'true',
        `${k} IS NOT NULL`,
        `${k} IN (1, 2)`,
        `${k} = ANY (ARRAY[1, 2])`,
        `${k} >= 1 AND ${k} < 100000`,
        `${k} = 3 AND ${c} IS NOT NULL`,
        `${k} = 3 OR ${k} = 4`,
        `NOT ${k} = 3`,
        `${k} < 100 AND ${k} <> 5`,
        `${k} IN (SELECT generate_series(1, 3))`,
        `${k} IN (SELECT ${k} FROM ${table.sql})`,
        `EXISTS (SELECT FROM ${table.sql} AS other WHERE other.${k} = ${table.sql}.${k})`.replace(
          `${table.sql}.${k}`,
          k,
        ),
        column.kind.ordered && column.name !== 'region' && `${c} = ${column.kind.value('5')}`,
        `${c} IS NULL`,
        `${k} % 2 = 0`,
        column.kind.id === 'boolean' &&
          oneOf(place, c, `NOT ${c}`, `${c} IS TRUE`, `${c} = false AND ${k} = 3`),
        column.kind.id === 'enum' && oneOf(place, `${c} = 'low'`, `${c} IN ('low', 'high')`, `'high' = ${c}`),
        isText(column) && oneOf(place, `${c} LIKE 'v%'`, `lower(${c}) = 'v5'`, `${c} = 'v5'`),
      )!
    : oneOf(place, 'true', 'false', '1 = 1', 'NOT false')!;
};

const writes = (place: Place): boolean => !place.column.generated && !isKey(place);
const unlessAll = (place: Place) => (place.chance.some(0.2) ? '' : ` WHERE ${condition(place)}`);

const plain: Forms = {
  insert: inserted,
  'insert or not': (place) => `${inserted(place)} ON CONFLICT DO NOTHING`,
  'insert from a table': ({ table }) => {
    if (
      table.primary ||
      table.uniques.length > 0 ||
      table.apart.length > 0 ||
      table.foreign.length > 0 ||
      table.indexes.some(({ unique }) => unique)
    )
      return undefined;
    const own = columnsOf(written(table));
    return `INSERT INTO ${table.sql} (${own}) SELECT ${own} FROM ${table.sql}`;
  },
  update: (place) =>
    writes(place) ? `UPDATE ${place.table.sql} SET ${place.c} = ${place.c}${unlessAll(place)}` : undefined,
  'update of a default': (place) =>
    writes(place) && !place.column.notNull && !place.column.kind.distinct
      ? `UPDATE ${place.table.sql} SET ${place.c} = DEFAULT${unlessAll(place)}`
      : undefined,
  'update from': (place) => {
    const key = keyOf(place);
    if (!key || !writes(place)) return undefined;
    const k = quoted(key.name);
    return `UPDATE ${place.table.sql} AS t SET ${place.c} = t.${place.c} FROM (${oneOf(place, 'VALUES (1), (2)', 'SELECT generate_series(1, 400)')}) AS s(n) WHERE t.${k} = s.n`;
  },
  'update returning': (place) =>
    writes(place)
      ? `UPDATE ${place.table.sql} SET ${place.c} = ${place.c} WHERE ${condition(place)} RETURNING 1`
      : undefined,
  delete: (place) => (isReferred(place) ? undefined : `DELETE FROM ${place.table.sql}${unlessAll(place)}`),
  'delete only': (place) =>
    isReferred(place) ? undefined : `DELETE FROM ONLY ${place.table.sql} WHERE ${condition(place)}`,
  'delete using': (place) => {
    const other = place.chance.pick(place.world.tables);
    const key = (table: Table) => table.columns.find(({ name, kind }) => name === 'id' && kind.id === 'int');
    return key(place.table) && key(other) && other !== place.table && !isReferred(place)
      ? `DELETE FROM ${place.table.sql} AS t USING ${other.sql} AS o WHERE t.id = o.id`
      : undefined;
  },
};

const inside: Forms = {
  'with that deletes': (place) =>
    isReferred(place) || place.table.rules.length > 0
      ? undefined
      : `WITH gone AS (DELETE FROM ${place.table.sql} WHERE ${condition(place)} RETURNING 1) SELECT count(*) FROM gone`,
  'with that updates': (place) =>
    writes(place)
      ? `WITH changed AS (UPDATE ${place.table.sql} SET ${place.c} = ${place.c} WHERE ${condition(place)} RETURNING 1) SELECT count(*) FROM changed`
      : undefined,
  'with beside an update': (place) =>
    writes(place)
      ? `WITH some AS (SELECT 1) UPDATE ${place.table.sql} SET ${place.c} = ${place.c} WHERE ${condition(place)}`
      : undefined,
  merge: (place) => {
    const { table, world } = place;
    const key = table.columns.find(({ name, kind }) => (name === 'id' || name === 'at') && kind.id === 'int');
    if (!key || table.rules.length > 0 || isReferred(place)) return undefined;
    const source = oneOf(place, '(SELECT generate_series(1, 500)) AS s(n)', '(VALUES (1)) AS s(n)');
    const change = writes(place) && `UPDATE SET ${place.c} = t.${place.c}`;
    const then = oneOf(place, 'DELETE', 'DO NOTHING', change);
    const more = oneOf(
      place,
      '',
      '',
      world.major >= 17 && ' WHEN NOT MATCHED BY SOURCE THEN DO NOTHING',
      ' WHEN NOT MATCHED THEN DO NOTHING',
    );
    return `MERGE INTO ${table.sql} AS t USING ${source} ON t.${quoted(key.name)} = s.n WHEN MATCHED THEN ${then}${more}`;
  },
  'copy out': ({ table, chance }) =>
    chance.some(0.3) ? `COPY (SELECT count(*) FROM ${table.sql}) TO '/dev/null'` : undefined,
  'copy in': ({ table, chance }) => (chance.some(0.3) ? `COPY ${table.sql} FROM PROGRAM 'true'` : undefined),
  'lock rows': (place) =>
    `SELECT 1 FROM ${place.table.sql} WHERE ${condition(place)} ${oneOf(place, 'FOR UPDATE', 'FOR SHARE', 'FOR NO KEY UPDATE', 'FOR KEY SHARE')}`,
  explain: (place) =>
    writes(place)
      ? `EXPLAIN ${oneOf(place, '', 'ANALYZE ')}UPDATE ${place.table.sql} SET ${place.c} = ${place.c}`
      : undefined,
};

const whole: Forms = {
  lock: (place) =>
    `LOCK TABLE ${oneOf(place, '', '', 'ONLY ')}${place.table.sql} IN ${oneOf(place, 'ACCESS SHARE', 'ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE')} MODE${oneOf(place, '', ' NOWAIT')}`,
  analyze: ({ table, c, chance }) => `ANALYZE ${table.sql}${chance.pick(['', ` (${c})`])}`,
  clustering: ({ table }) => {
    const index = table.indexes.find(({ unique, plain }) => unique && plain);
    return index && table.kind === 'table' ? `CLUSTER ${table.sql} USING ${quoted(index.name)}` : undefined;
  },
};

/** Statements about rows. */
export const rowStatements: Forms = { ...plain, ...inside, ...whole };
