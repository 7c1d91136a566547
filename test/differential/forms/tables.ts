import { quoted, type Table } from '../world/world';
import { cascade, type Make, maybe, type Place } from './place';

export const alter = (part: string | undefined, { table }: Place) =>
  part && `ALTER TABLE ${table.sql} ${part}`;
export const indexOn = (table: Table, name: string) => `${table.schema}.${quoted(name)}`;

/** Statements about whole tables. */
export const tableStatements: Record<string, Make> = {
  'rename column': (place) => alter(`RENAME COLUMN ${place.c} TO renamed`, place),
  'rename table': (place) => {
    const rename = alter('RENAME TO moved_away', place)!;
    return place.chance.some(0.3)
      ? [
          rename,
          `CREATE VIEW ${place.table.sql} AS SELECT * FROM ${place.table.schema}.moved_away`,
          `GRANT ALL ON ${place.table.sql} TO app`,
        ]
      : rename;
  },
  'rename constraint': (place) => {
    const check = maybe(place.chance, [...place.table.checks, ...place.table.uniques]);
    return check && alter(`RENAME CONSTRAINT ${quoted(check.name)} TO renamed_rule`, place);
  },
  'set schema': (place) => {
    const other = place.world.schemas.find((schema) => schema !== place.table.schema);
    return other && alter(`SET SCHEMA ${other}`, place);
  },
  attach: ({ world, chance }) => {
    const loose = maybe(chance, world.loose);
    return (
      loose &&
      `ALTER TABLE ${loose.parent.sql} ATTACH PARTITION ${loose.sql} FOR VALUES FROM (${loose.from}) TO (${loose.to})`
    );
  },
  detach: ({ world, chance }) => {
    const parent = maybe(
      chance,
      world.tables.filter(({ kind }) => kind === 'partitioned'),
    );
    return parent && `ALTER TABLE ${parent.sql} DETACH PARTITION ${chance.pick(parent.partitions)}`;
  },
  'create partition': ({ world, chance }) => {
    const parent = maybe(
      chance,
      world.tables.filter(({ kind }) => kind === 'partitioned'),
    );
    return (
      parent &&
      `CREATE TABLE ${parent.schema}.fresh_part PARTITION OF ${parent.sql} FOR VALUES FROM (2000) TO (3000)`
    );
  },
  inherit: (place) => {
    const like = `CREATE TABLE ${place.table.schema}.heir (LIKE ${place.table.sql} INCLUDING ALL)`;
    return place.table.kind === 'table'
      ? [like, `ALTER TABLE ${place.table.schema}.heir INHERIT ${place.table.sql}`]
      : undefined;
  },
  'create table': ({ world, chance, table }) => {
    const to = maybe(
      chance,
      world.tables.filter(
        ({ primary, columns }) => primary?.columns.join() === 'id' && columns[0]!.kind.id === 'int',
      ),
    );
    return chance.pick([
      'CREATE TABLE public.fresh (id integer PRIMARY KEY, note text)',
      'CREATE TABLE IF NOT EXISTS public.fresh (id bigserial PRIMARY KEY)',
      `CREATE TABLE IF NOT EXISTS ${table.sql} (id integer)`,
      `CREATE TABLE public.fresh (LIKE ${table.sql} INCLUDING ALL)`,
      `CREATE TABLE public.fresh AS SELECT * FROM ${table.sql}`,
      'CREATE TEMP TABLE fresh (id integer)',
      'CREATE UNLOGGED TABLE public.fresh (id integer)',
      ...(to
        ? [`CREATE TABLE public.fresh (id integer PRIMARY KEY, parent_id integer REFERENCES ${to.sql})`]
        : []),
    ]);
  },
  'fill a new table': ({ table, world, chance }) => {
    const to = maybe(
      chance,
      world.tables.filter(
        ({ primary, columns, kind }) =>
          primary?.columns.join() === 'id' && columns[0]!.kind.id === 'int' && kind === 'table',
      ),
    );
    return [
      `CREATE TABLE public.fresh AS SELECT ${to ? 'id' : '1 AS id'} FROM ${(to ?? table).sql}`,
      chance.pick([
        'CREATE INDEX fresh_idx ON public.fresh (id)',
        'ALTER TABLE public.fresh ADD COLUMN token uuid DEFAULT gen_random_uuid()',
        ...(to ? [`ALTER TABLE public.fresh ADD FOREIGN KEY (id) REFERENCES ${to.sql}`] : []),
      ]),
    ];
  },
  'drop table': ({ table, chance }) =>
    `DROP TABLE ${chance.pick(['', 'IF EXISTS '])}${table.sql}${cascade(chance)}`,
  'drop table that is not there': ({ chance }) =>
    chance.some(0.1) ? 'DROP TABLE IF EXISTS public.never_there' : undefined,
  truncate: ({ table, chance }) =>
    `TRUNCATE ${table.sql}${chance.pick(['', ' CASCADE', ' RESTART IDENTITY CASCADE'])}`,
};
