import { BOUNDS } from '../world/partitioned';
import { columnsOf, quoted, written } from '../world/world';
import { alter, cascade, elsewhere, type Forms, maybe, oneOf, partitioned, target } from './place';
import { constraintsOf } from './rules';

const renames: Forms = {
  'rename column': (place) =>
    alter(`RENAME ${place.chance.pick(['COLUMN ', ''])}${place.c} TO renamed`, place),
  'rename table': (place) => {
    const { table, chance } = place;
    const rename = alter('RENAME TO moved_away', place)!;
    return chance.some(0.3)
      ? [
          rename,
          `CREATE VIEW ${table.sql} AS SELECT * FROM ${table.schema}.moved_away`,
          `GRANT ALL ON ${table.sql} TO app`,
        ]
      : rename;
  },
  'rename constraint': (place) => {
    const rule = maybe(place.chance, constraintsOf(place.table));
    return rule && alter(`RENAME CONSTRAINT ${quoted(rule.name)} TO renamed_rule`, place);
  },
  'set schema': (place) => {
    const other = elsewhere(place, place.table.sql);
    return other && alter(`SET SCHEMA ${other}`, place);
  },
  'all in tablespace': () => 'ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default',
};

const partitions: Forms = {
  attach: ({ world, chance }) => {
    const loose = maybe(chance, world.loose);
    if (!loose) return undefined;
    const bounds = !loose.parent.hasDefault && chance.some(0.15) ? 'DEFAULT' : `FOR VALUES ${loose.bounds}`;
    return `ALTER TABLE ${loose.parent.sql} ATTACH PARTITION ${loose.sql} ${bounds}`;
  },
  'attach a new table': (place) => {
    const parent = partitioned(place);
    const bounds = parent?.strategy && BOUNDS[parent.strategy].next;
    if (!parent || !bounds) return undefined;
    const own = written(parent);
    const fresh = `${parent.schema}.fresh_part`;
    const row = own.map(({ name, kind }) =>
      name === 'at' ? '2500' : name === 'region' ? "'y'" : name === 'parent_id' ? '1' : kind.value('2500'),
    );
    return [
      `CREATE TABLE ${fresh} (LIKE ${parent.sql} INCLUDING ${oneOf(place, 'ALL', 'DEFAULTS INCLUDING CONSTRAINTS', 'INDEXES')})`,
      `INSERT INTO ${fresh} (${columnsOf(own)}) VALUES (${row.join(', ')})`,
      `ALTER TABLE ${parent.sql} ATTACH PARTITION ${fresh} FOR VALUES ${bounds}`,
    ];
  },
  detach: (place) => {
    const parent = partitioned(place);
    return parent && `ALTER TABLE ${parent.sql} DETACH PARTITION ${place.chance.pick(parent.partitions)}`;
  },
  'create partition': (place) => {
    const parent = partitioned(place);
    const bounds = parent?.strategy && BOUNDS[parent.strategy].next;
    if (!parent || !bounds) return undefined;
    const fresh = `CREATE TABLE ${parent.schema}.fresh_part PARTITION OF ${parent.sql}`;
    return oneOf(
      place,
      `${fresh} FOR VALUES ${bounds}`,
      `${fresh} FOR VALUES ${bounds}`,
      `${fresh} (CONSTRAINT fresh_ok CHECK (at > 0)) FOR VALUES ${bounds}`,
      `${fresh} FOR VALUES ${bounds} PARTITION BY HASH (at)`,
      !parent.hasDefault && `${fresh} DEFAULT`,
    );
  },
  'drop partition': (place) => {
    const parent = partitioned(place);
    return parent && `DROP TABLE ${place.chance.pick(parent.partitions)}`;
  },
  'alter a partition': (place) => {
    const parent = partitioned(place);
    if (!parent) return undefined;
    const part = place.chance.pick(parent.partitions);
    const column = place.chance.pick(parent.columns);
    return `ALTER TABLE ${part} ${oneOf(place, `ALTER COLUMN ${quoted(column.name)} SET DEFAULT NULL`, `ALTER COLUMN ${quoted(column.name)} TYPE text`, 'ADD CONSTRAINT fresh_ok CHECK (at > 0)', 'ADD CONSTRAINT fresh_ok CHECK (at > 0) NOT VALID', 'ADD COLUMN fresh text', `DROP COLUMN ${quoted(column.name)}`, 'RENAME TO moved_away', `RENAME COLUMN ${quoted(column.name)} TO renamed`, 'SET (fillfactor = 80)', `ALTER COLUMN ${quoted(column.name)} DROP NOT NULL`)}`;
  },
};

const heirs: Forms = {
  inherit: ({ table }) => {
    const like = `CREATE TABLE ${table.schema}.heir (LIKE ${table.sql} INCLUDING ALL)`;
    return table.kind === 'table'
      ? [like, `ALTER TABLE ${table.schema}.heir INHERIT ${table.sql}`]
      : undefined;
  },
  'no inherit': ({ world, chance }) => {
    const heir = maybe(chance, world.heirs);
    return heir && `ALTER TABLE ${heir.sql} NO INHERIT ${heir.of.sql}`;
  },
  'alter an heir': (place) => {
    const heir = maybe(place.chance, place.world.heirs);
    if (!heir) return undefined;
    const column = quoted(place.chance.pick(heir.of.columns).name);
    return `ALTER TABLE ${heir.sql} ${oneOf(place, 'ADD COLUMN fresh text DEFAULT 1', 'ADD CHECK (more IS NULL)', `ALTER COLUMN ${column} TYPE text`, `DROP COLUMN ${column}`, 'DROP COLUMN more', 'ALTER COLUMN more TYPE bigint', `ALTER COLUMN ${column} SET DEFAULT NULL`)}`;
  },
  'new heir': ({ table }) => `CREATE TABLE ${table.schema}.fresh_heir (more integer) INHERITS (${table.sql})`,
};

const news: Forms = {
  'create table': (place) => {
    const { world, table } = place;
    const to = target(place);
    return oneOf(
      place,
      'CREATE TABLE public.fresh (id integer PRIMARY KEY, note text)',
      'CREATE TABLE IF NOT EXISTS public.fresh (id bigserial PRIMARY KEY)',
      `CREATE TABLE IF NOT EXISTS ${table.sql} (id integer)`,
      `CREATE TABLE public.fresh (LIKE ${table.sql} INCLUDING ALL)`,
      `CREATE TABLE public.fresh AS SELECT * FROM ${table.sql}`,
      `CREATE TABLE public.fresh AS SELECT * FROM ${table.sql} WITH NO DATA`,
      `CREATE TABLE public.fresh AS TABLE ${table.sql}`,
      `CREATE TABLE IF NOT EXISTS public.fresh AS SELECT count(*) AS n FROM ${table.sql}`,
      'CREATE TEMP TABLE fresh (id integer)',
      'CREATE UNLOGGED TABLE public.fresh (id integer)',
      'CREATE TABLE public.fresh (id integer, EXCLUDE USING btree (id WITH =)) WITH (fillfactor = 50)',
      'CREATE TABLE public.fresh (at date NOT NULL) PARTITION BY RANGE (at)',
      'CREATE TABLE public.fresh (id integer GENERATED ALWAYS AS IDENTITY, made integer GENERATED ALWAYS AS (1) STORED)',
      world.composites[0] && `CREATE TABLE public.fresh OF ${world.composites[0].sql}`,
      world.enums[0] && `CREATE TABLE public.fresh (kind ${world.enums[0].sql} DEFAULT 'low')`,
      to && `CREATE TABLE public.fresh (id integer PRIMARY KEY, parent_id integer REFERENCES ${to.sql})`,
      to &&
        `CREATE TABLE public.fresh (id integer PRIMARY KEY, parent_id integer, FOREIGN KEY (parent_id) REFERENCES ${to.sql} ON DELETE CASCADE)`,
    );
  },
  'fill a new table': (place) => {
    const { table, chance } = place;
    const to = target(place);
    return [
      `CREATE TABLE public.fresh AS SELECT ${to ? 'id' : '1 AS id'} FROM ${(to ?? table).sql}`,
      chance.pick([
        'CREATE INDEX fresh_idx ON public.fresh (id)',
        'ALTER TABLE public.fresh ADD COLUMN token uuid DEFAULT gen_random_uuid()',
        ...(to ? ['ALTER TABLE public.fresh ALTER COLUMN id SET NOT NULL, ADD PRIMARY KEY (id)'] : []),
        'DROP TABLE public.fresh',
        ...(to ? [`ALTER TABLE public.fresh ADD FOREIGN KEY (id) REFERENCES ${to.sql}`] : []),
      ]),
    ];
  },
  'select into': ({ table, chance }) =>
    `SELECT * INTO ${chance.pick(['', 'TABLE ', 'TEMP '])}fresh_copy FROM ${table.sql}`,
  'create foreign table': ({ chance }) =>
    chance.some(0.2) ? 'CREATE FOREIGN DATA WRAPPER fresh_wrapper' : undefined,
};

const ends: Forms = {
  'drop table': ({ table, chance }) =>
    `DROP TABLE ${chance.pick(['', 'IF EXISTS '])}${table.sql}${cascade(chance)}`,
  'drop tables': ({ world, chance }) => {
    const [one, two] = chance.shuffled(world.tables);
    return two && `DROP TABLE ${one!.sql}, ${two.sql}${cascade(chance)}`;
  },
  'drop table that is not there': ({ chance }) =>
    chance.some(0.1) ? 'DROP TABLE IF EXISTS public.never_there' : undefined,
  truncate: (place) =>
    `TRUNCATE ${oneOf(place, '', 'TABLE ', 'ONLY ')}${place.table.sql}${oneOf(place, '', ' CASCADE', ' RESTART IDENTITY CASCADE', ' CONTINUE IDENTITY')}`,
};

/** Statements about whole tables. */
export const tableStatements: Forms = { ...renames, ...partitions, ...heirs, ...news, ...ends };
