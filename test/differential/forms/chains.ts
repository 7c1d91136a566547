import { BIG, columnsOf, quoted, written } from '../world/world';
import { alter, type Forms, hasNulls, isKey, maybe, oneOf, type Place } from './place';

const all = (place: Place, ...parts: string[]) => parts.map((part) => alter(part, place)!);

/** Recipes of several statements, safe ones and those that only look so. */
export const chains: Forms = {
  'safe not null': (place) => {
    if (place.column.notNull || hasNulls(place.column) || place.column.generated) return undefined;
    const name = 'fresh_known';
    const [add, validate] = [
      `ADD CONSTRAINT ${name} CHECK (${oneOf(place, `${place.c} IS NOT NULL`, `NOT (${place.c} IS NULL)`, `${place.c} IS NOT NULL AND true`, `(${place.c} IS NOT NULL)`)}) NOT VALID`,
      `VALIDATE CONSTRAINT ${name}`,
    ];
    const ends = place.chance.pick([
      [`ALTER COLUMN ${place.c} SET NOT NULL`, `DROP CONSTRAINT ${name}`],
      [`ALTER COLUMN ${place.c} SET NOT NULL, DROP CONSTRAINT ${name}`],
      [`DROP CONSTRAINT ${name}`, `ALTER COLUMN ${place.c} SET NOT NULL`],
      [`ALTER COLUMN ${place.c} SET NOT NULL`],
    ]);
    return all(place, add, validate, ...ends);
  },
  'not null taken back': (place) =>
    place.column.notNull &&
    !place.table.primary?.columns.includes(place.column.name) &&
    !place.column.numbered
      ? all(place, `ALTER COLUMN ${place.c} DROP NOT NULL`, `ALTER COLUMN ${place.c} SET NOT NULL`)
      : undefined,
  'new column, filled and required': (place) => [
    ...all(place, `ADD COLUMN fresh integer${oneOf(place, '', ' DEFAULT 3', ' NOT NULL DEFAULT 3')}`),
    `UPDATE ${place.table.sql} SET fresh = 1${oneOf(place, '', ' WHERE fresh IS NULL', ' WHERE false')}`,
    ...(place.chance.some(0.5) ? all(place, 'ALTER COLUMN fresh SET NOT NULL') : []),
    ...(place.chance.some(0.2) ? all(place, 'ALTER COLUMN fresh DROP DEFAULT') : []),
  ],
  'new column with an index': (place) => [
    ...all(place, 'ADD COLUMN fresh integer'),
    `CREATE INDEX fresh_idx ON ${place.table.sql} (fresh)`,
  ],
  'column that comes and goes': (place) =>
    all(place, 'ADD COLUMN fresh integer DEFAULT 1', 'DROP COLUMN fresh'),
  'column in the place of another': (place) =>
    place.column.generated || isKey(place)
      ? undefined
      : [
          ...all(place, `ADD COLUMN fresh ${place.column.kind.type}`),
          `UPDATE ${place.table.sql} SET fresh = ${place.c}`,
          ...all(place, `DROP COLUMN ${place.c}`, `RENAME COLUMN fresh TO ${place.c}`),
        ],
  'table in the place of another': ({ table }) =>
    table.kind === 'table' && table.rows > BIG
      ? [
          // without it what is written meanwhile is lost
          `LOCK TABLE ${table.sql} IN EXCLUSIVE MODE`,
          `CREATE TABLE ${table.schema}.fresh (LIKE ${table.sql} INCLUDING ALL)`,
          `INSERT INTO ${table.schema}.fresh (${columnsOf(written(table))}) SELECT ${columnsOf(written(table))} FROM ${table.sql}`,
          `ALTER TABLE ${table.sql} RENAME TO gone_away`,
          `ALTER TABLE ${table.schema}.fresh RENAME TO ${quoted(table.name)}`,
          `GRANT ALL ON ${table.sql} TO app`,
        ]
      : undefined,
  'enum in the place of another': (place) =>
    place.column.kind.id === 'enum'
      ? [
          "CREATE TYPE public.fresh_kind AS ENUM ('low', 'high', 'none', 'more')",
          ...(place.column.default ? all(place, `ALTER COLUMN ${place.c} DROP DEFAULT`) : []),
          ...all(
            place,
            `ALTER COLUMN ${place.c} TYPE public.fresh_kind USING (${place.c}::text::public.fresh_kind)`,
          ),
          ...(place.chance.some(0.5) ? [`DROP TYPE ${place.column.kind.type}`] : []),
        ]
      : undefined,
  'rule that is validated at once': (place) =>
    place.column.kind.id === 'int'
      ? all(
          place,
          `ADD CONSTRAINT fresh_ok CHECK (${place.c} >= 0) NOT VALID`,
          'VALIDATE CONSTRAINT fresh_ok',
        )
      : undefined,
  'key by an index': (place) => {
    const { table, chance } = place;
    const column = maybe(
      chance,
      table.columns.filter(
        ({ kind, generated, notNull }) => kind.distinct && kind.ordered && !generated && notNull,
      ),
    );
    return column && table.kind === 'table'
      ? [
          `CREATE UNIQUE INDEX fresh_idx ON ${table.sql} (${quoted(column.name)})`,
          ...all(place, 'ADD CONSTRAINT fresh_key UNIQUE USING INDEX fresh_idx'),
        ]
      : undefined;
  },
  'key in the place of another': ({ table }) => {
    const unique = table.uniques[0];
    return unique && table.kind === 'table'
      ? [
          `ALTER TABLE ${table.sql} DROP CONSTRAINT ${quoted(unique.name)}`,
          `ALTER TABLE ${table.sql} ADD CONSTRAINT ${quoted(unique.name)} UNIQUE (${unique.columns.map(quoted).join(', ')})`,
        ]
      : undefined;
  },
  'foreign key in the place of another': ({ table }) => {
    const key = table.foreign[0];
    return key && table.kind === 'table' && key.to.kind === 'table' && key.to.unlogged === table.unlogged
      ? [
          `ALTER TABLE ${table.sql} DROP CONSTRAINT ${quoted(key.name)}`,
          `ALTER TABLE ${table.sql} ADD CONSTRAINT ${quoted(key.name)} FOREIGN KEY (parent_id) REFERENCES ${key.to.sql} ON DELETE CASCADE NOT VALID`,
        ]
      : undefined;
  },
  'rename and use': (place) =>
    place.column.generated
      ? undefined
      : [
          ...all(place, `RENAME COLUMN ${place.c} TO renamed`),
          `UPDATE ${place.table.sql} SET renamed = renamed WHERE false`,
        ],
  'default instead of an identity': (place) => {
    const own = place.table.columns.find(({ numbered }) => numbered === 'identity');
    return (
      own &&
      all(
        place,
        `ALTER COLUMN ${quoted(own.name)} DROP IDENTITY`,
        `ALTER COLUMN ${quoted(own.name)} SET DEFAULT nextval('public.shared')`,
      )
    );
  },
  'triggers off and on': (place) => [
    ...all(place, 'DISABLE TRIGGER USER'),
    ...(place.column.generated || isKey(place)
      ? []
      : [`UPDATE ${place.table.sql} SET ${place.c} = ${place.c} WHERE false`]),
    ...all(place, 'ENABLE TRIGGER USER'),
  ],
  'view under a type': ({ world, chance }) => {
    const view = maybe(
      chance,
      world.views.filter(
        ({ sql, columns }) =>
          !sql.includes('view2') &&
          columns[0]?.kind.id === 'varchar' &&
          !world.views.some((other) => other.sql === sql.replace(/view("?)$/, 'view2$1')),
      ),
    );
    return (
      view && [
        `DROP VIEW ${view.sql}`,
        `ALTER TABLE ${view.of.sql} ALTER COLUMN ${quoted(view.columns[0]!.name)} TYPE text`,
        `CREATE VIEW ${view.sql} AS SELECT ${columnsOf(view.columns)} FROM ${view.of.sql}`,
        `GRANT ALL ON ${view.sql} TO app`,
      ]
    );
  },
};
