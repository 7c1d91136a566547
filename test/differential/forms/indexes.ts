import { quoted } from '../world/world';
import { isText, type Make, maybe, ordered, type Place } from './place';
import { indexOn } from './tables';

export function anyIndex({ world, chance }: Place) {
  const all = world.tables.flatMap((table) => table.indexes.map((index) => ({ table, index })));
  return maybe(chance, all);
}

export function newIndex(place: Place, concurrently: string) {
  const { chance, table } = place;
  const one = ordered(place);
  if (!one) return undefined;
  const unique =
    chance.some(0.3) &&
    one.kind.distinct &&
    !one.generated &&
    table.kind === 'table' &&
    !(table.checks.length > 9);
  const c = quoted(one.name);
  const text = table.columns.find(isText);
  const what = unique
    ? `(${c})`
    : chance.pick([
        `(${c})`,
        `(${c} DESC)`,
        `(${c}) WHERE ${c} IS NOT NULL`,
        ...(text ? [`(lower(${quoted(text.name)}))`] : []),
      ]);
  const only = table.kind === 'partitioned' && chance.some(0.4) && !concurrently ? 'ONLY ' : '';
  return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${concurrently}${chance.pick(['', 'IF NOT EXISTS '])}fresh_idx ON ${only}${table.sql} ${what}`;
}

export const indexStatements: Record<string, Make> = {
  'create index': (place) => newIndex(place, ''),
  'drop index': (place) => {
    const found = anyIndex(place);
    return (
      found && `DROP INDEX ${place.chance.pick(['', 'IF EXISTS '])}${indexOn(found.table, found.index.name)}`
    );
  },
  'rename index': (place) => {
    const found = anyIndex(place);
    return found && `ALTER INDEX ${indexOn(found.table, found.index.name)} RENAME TO renamed_idx`;
  },
  'set index': (place) => {
    const found = anyIndex(place);
    return found && found.table.kind === 'table'
      ? `ALTER INDEX ${indexOn(found.table, found.index.name)} ${place.chance.pick(['SET (fillfactor = 80)', 'RESET (fillfactor)'])}`.replace(
          /SET \(fillfactor = 80\)/,
          found.index.name.endsWith('hash') ? 'SET (fillfactor = 75)' : '$&',
        )
      : undefined;
  },
  reindex: (place) => {
    const found = anyIndex(place);
    return place.chance.pick([
      ...(found && found.table.kind === 'table'
        ? [`REINDEX INDEX ${indexOn(found.table, found.index.name)}`]
        : []),
      ...(place.table.kind === 'table' ? [`REINDEX TABLE ${place.table.sql}`] : []),
      undefined,
    ]);
  },
};
