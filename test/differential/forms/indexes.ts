import { quoted } from '../world/world';
import { distinct, type Forms, indexOn, isText, maybe, oneOf, ordered, type Place } from './place';

export function anyIndex({ world, chance }: Place) {
  const all = world.tables.flatMap((table) => table.indexes.map((index) => ({ table, index })));
  return maybe(chance, all);
}

const METHODS: Record<string, string> = {
  array: 'gin',
  'int-array': 'gin',
  jsonb: 'gin',
  document: 'gin',
  range: 'gist',
  int: 'brin',
};

export function newIndex(place: Place, concurrently: string) {
  const { chance, table } = place;
  const one = ordered(place);
  if (!one) return undefined;
  const key = chance.some(0.3) ? distinct(place) : undefined;
  const c = quoted(key?.name ?? one.name);
  const text = table.columns.find(isText);
  const number = table.columns.find(({ kind, generated }) => kind.id === 'int' && !generated);
  const special = METHODS[one.kind.id];
  const what = key
    ? `(${c})${oneOf(place, '', '', key.notNull && ' NULLS NOT DISTINCT', table.kind === 'table' && ` WHERE ${c} IS NOT NULL`)}`
    : oneOf(
        place,
        `(${c})`,
        `(${c} DESC NULLS LAST)`,
        `(${c}) WHERE ${c} IS NOT NULL`,
        `(${c}) WITH (fillfactor = 80)`,
        text && `(lower(${quoted(text.name)}))`,
        text && `(${quoted(text.name)} COLLATE "C")`,
        text && `(${quoted(text.name)} text_pattern_ops)`,
        number && `(public.twice(${quoted(number.name)}))`,
        number && `(${c}) INCLUDE (${quoted(number.name)})`,
        special && `USING ${special} (${c})`,
      );
  const only = table.kind === 'partitioned' && chance.some(0.4) && !concurrently ? 'ONLY ' : '';
  const name = chance.pick(['fresh_idx ', 'fresh_idx ', 'IF NOT EXISTS fresh_idx ', '']);
  return `CREATE ${key ? 'UNIQUE ' : ''}INDEX ${concurrently}${name}ON ${only}${table.sql} ${what}`;
}

export const indexStatements: Forms = {
  'create index': (place) => newIndex(place, ''),
  'index that is there': (place) => {
    const found = anyIndex(place);
    const column = found && ordered({ ...place, table: found.table });
    return (
      found &&
      column &&
      `CREATE INDEX IF NOT EXISTS ${quoted(found.index.name)} ON ${found.table.sql} (${quoted(column.name)})`
    );
  },
  'drop index': (place) => {
    const found = anyIndex(place);
    return (
      found &&
      `DROP INDEX ${place.chance.pick(['', 'IF EXISTS '])}${indexOn(found.table, found.index.name)}${place.chance.pick(['', '', ' CASCADE', ' RESTRICT'])}`
    );
  },
  'index made again': (place) => {
    const found = anyIndex(place);
    const [column] = found?.index.columns ?? [];
    return found && column && found.index.plain
      ? [
          `DROP INDEX ${indexOn(found.table, found.index.name)}`,
          `CREATE ${found.index.unique ? 'UNIQUE ' : ''}INDEX ${quoted(found.index.name)} ON ${found.table.sql} (${found.index.columns.map(quoted).join(', ')})`,
        ]
      : undefined;
  },
  'rename index': (place) => {
    const found = anyIndex(place);
    return found && `ALTER INDEX ${indexOn(found.table, found.index.name)} RENAME TO renamed_idx`;
  },
  'set index': (place) => {
    const found = anyIndex(place);
    const special = found && /special|hash/.test(found.index.name);
    return found && found.table.kind === 'table'
      ? `ALTER INDEX ${indexOn(found.table, found.index.name)} ${oneOf(place, !special && 'SET (fillfactor = 80)', !special && 'RESET (fillfactor)', 'SET TABLESPACE pg_default', /lower|twice/.test(found.index.name) && 'ALTER COLUMN 1 SET STATISTICS 500')}`
      : undefined;
  },
  reindex: (place) => {
    const found = anyIndex(place);
    return oneOf(
      place,
      found && found.table.kind === 'table' && `REINDEX INDEX ${indexOn(found.table, found.index.name)}`,
      place.table.kind === 'table' && `REINDEX TABLE ${place.table.sql}`,
      place.table.kind === 'table' && `REINDEX (VERBOSE) TABLE ${place.table.sql}`,
    );
  },
  'indexes by hand': (place) => {
    const { table } = place;
    const column = ordered(place);
    const [part] = table.partitions;
    return table.kind === 'partitioned' && column && part
      ? [
          `CREATE INDEX fresh_idx ON ONLY ${table.sql} (${quoted(column.name)})`,
          `CREATE INDEX fresh_part_idx ON ${part} (${quoted(column.name)})`,
          `ALTER INDEX ${table.schema}.fresh_idx ATTACH PARTITION ${table.schema}.fresh_part_idx`,
        ]
      : undefined;
  },
};
