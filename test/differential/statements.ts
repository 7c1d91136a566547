import type { Chance } from './chance';
import {
  BIG,
  type Column,
  columnsOf,
  isNumeric,
  quoted,
  type Table,
  trueOf,
  type World,
  written,
} from './schemas';

/** Statements that run one after the other, in one transaction unless they want none. */
export interface Script {
  form: string;
  statements: string[];
  /** Statement by statement, outside a transaction. */
  alone?: boolean;
}

interface Place {
  world: World;
  chance: Chance;
  /** A table, and one of its columns. */
  table: Table;
  column: Column;
  c: string;
}

type Make = (place: Place) => string | string[] | undefined;

const isText = ({ kind }: Column) => kind.type === 'text' || kind.type.startsWith('varchar');
const isNumber = ({ kind }: Column) => isNumeric(kind.type);
const ordered = ({ table, chance }: Place) => {
  const own = table.columns.filter(({ kind }) => kind.ordered);
  return own.length > 0 ? chance.pick(own) : undefined;
};
const distinct = ({ table, chance }: Place) => {
  const own = table.columns.filter(({ kind, generated }) => kind.distinct && kind.ordered && !generated);
  return own.length > 0 ? chance.pick(own) : undefined;
};
const maybe = <T>(chance: Chance, list: readonly T[]): T | undefined =>
  list.length > 0 ? chance.pick(list) : undefined;
const cascade = (chance: Chance) => (chance.some(0.3) ? ' CASCADE' : '');

/** A type to which every value of the column can be made, and how. */
function newType({ column, chance, c }: Place): string {
  const { kind } = column;
  const any = ['text', 'varchar(200)', kind.type];
  const by: Record<string, string[]> = {
    int: ['bigint', 'numeric', 'integer', 'text', 'double precision', 'oid'],
    smallint: ['integer', 'bigint', 'smallint'],
    bigint: ['numeric', 'text', 'bigint', 'double precision'],
    text: ['varchar', 'varchar(100)', 'text', 'char(40)', 'text COLLATE "C"', 'text COLLATE "POSIX"'],
    varchar: ['varchar(40)', 'text', 'varchar', 'varchar(10)', 'varchar(20)', 'varchar(40) COLLATE "C"'],
    'open-varchar': ['text', 'varchar', 'varchar(100)'],
    char: ['text', 'char(20)', 'varchar(20)'],
    numeric: ['numeric(12,2)', 'numeric', 'numeric(14,4)', 'double precision'],
    'open-numeric': ['numeric', 'numeric(20,4)'],
    timestamp: ['timestamptz', 'timestamp(6)', 'timestamp(3)', 'date'],
    timestamptz: ['timestamp', 'timestamptz(6)', 'timestamptz(0)'],
    date: ['timestamp', 'timestamptz', 'date'],
    interval: ['interval', 'interval(6)', 'interval(1)'],
    bit: ['varbit', 'bit(12)'],
    varbit: ['varbit', 'varbit(40)'],
    cidr: ['inet', 'cidr', 'text'],
    uuid: ['text', 'uuid'],
    array: ['varchar[]', 'text[]'],
    jsonb: ['json', 'jsonb', 'text'],
    boolean: ['text', 'boolean'],
    domain: ['text'],
    enum: ['text'],
  };
  const type = chance.pick(by[kind.id] ?? [kind.type]);
  const bare = type.replace(/ COLLATE.*/, '');
  const using = chance.pick(['none', 'none', 'column', 'cast', 'text']);
  void any;
  if (using === 'column' && bare === kind.type) return `${type} USING ${c}`;
  if (using === 'cast' || (kind.id === 'domain' && using !== 'none')) return `${type} USING ${c}::${bare}`;
  if (using === 'text' && bare === 'text') return `${type} USING lower(${c}::text)`;
  return type;
}

const NEW_DEFAULTS: [type: string, value: string][] = [
  ['text', "'red'"],
  ['integer', '0'],
  ['timestamptz', 'now()'],
  ['uuid', 'gen_random_uuid()'],
  ['double precision', 'random()'],
  ['timestamptz', 'clock_timestamp()'],
  ['jsonb', "'{}'"],
  ['text', "lower('RED')"],
  ['integer', 'public.twice(2)'],
  ['date', 'CURRENT_DATE'],
  ['text', 'NULL'],
];

const numbersOf = ({ table }: Place) => table.columns.filter((one) => isNumber(one) && !one.generated);

/** Parts of ALTER TABLE that may stand beside others. */
const PARTS: Record<string, Make> = {
  'add column': ({ chance }) =>
    `ADD COLUMN fresh ${chance.pick(['text', 'integer', 'jsonb', 'varchar(10)', 'timestamptz'])}`,
  'add column default': ({ chance }) => {
    const [type, value] = chance.pick(NEW_DEFAULTS);
    return `ADD COLUMN fresh ${type} ${chance.some(0.3) && value !== 'NULL' ? 'NOT NULL ' : ''}DEFAULT ${value}`;
  },
  'add column not null': () => 'ADD COLUMN fresh integer NOT NULL',
  'add column if not exists': ({ c }) => `ADD COLUMN IF NOT EXISTS ${c} text`,
  'add column serial': ({ chance, table }) =>
    `ADD COLUMN fresh ${chance.pick(['serial', 'bigserial', ...(table.kind === 'table' ? ['integer GENERATED ALWAYS AS IDENTITY'] : [])])}`,
  'add column generated': (place) => {
    const source = maybe(place.chance, numbersOf(place));
    const kind =
      place.world.major >= 18 ? place.chance.pick(['STORED', 'VIRTUAL', 'VIRTUAL NOT NULL']) : 'STORED';
    return source && `ADD COLUMN fresh numeric GENERATED ALWAYS AS (${quoted(source.name)} + 2) ${kind}`;
  },
  'add column check': ({ chance }) =>
    `ADD COLUMN fresh integer ${chance.pick(['', 'DEFAULT 1 '])}CHECK (fresh >= 0)`,
  'add column unique': ({ table }) =>
    table.kind === 'table' ? 'ADD COLUMN fresh integer UNIQUE' : undefined,
  'add column references': ({ chance, world, table }) => {
    const to = maybe(
      chance,
      world.tables.filter(
        ({ primary, columns, kind }) =>
          primary?.columns.join() === 'id' && columns[0]!.kind.id === 'int' && kind === 'table',
      ),
    );
    return to && to !== table
      ? `ADD COLUMN fresh integer ${chance.pick(['', 'DEFAULT 5 '])}REFERENCES ${to.sql}`
      : undefined;
  },
  'add column of a domain': ({ chance, world }) => {
    const domain = maybe(chance, world.domains);
    return (
      domain &&
      `ADD COLUMN fresh ${domain.sql}${chance.pick(['', domain.base === 'text' ? " DEFAULT 'x'" : ' DEFAULT 5'])}`
    );
  },
  'add column of an enum': ({ chance, world }) => {
    const type = maybe(chance, world.enums);
    return type && `ADD COLUMN fresh ${type.sql}${chance.pick(['', " DEFAULT 'low'"])}`;
  },
  'drop column': ({ c, chance, table, column }) =>
    column.name === 'at' && table.kind === 'partitioned'
      ? undefined
      : `DROP COLUMN ${chance.pick(['', 'IF EXISTS '])}${c}${cascade(chance)}`,
  'drop column if exists': () => 'DROP COLUMN IF EXISTS never_there',
  'change type': (place) =>
    place.column.generated || (place.table.kind === 'partitioned' && place.column.name === 'at')
      ? undefined
      : `ALTER COLUMN ${place.c} TYPE ${newType(place)}`,
  'set default': ({ c, column, chance }) =>
    column.generated || column.numbered === 'identity'
      ? undefined
      : `ALTER COLUMN ${c} SET DEFAULT ${chance.pick([column.kind.value('3'), 'NULL'])}`,
  'drop default': ({ c, column }) =>
    column.generated || column.numbered === 'identity' ? undefined : `ALTER COLUMN ${c} DROP DEFAULT`,
  'set not null': ({ c, column }) =>
    isText(column) && !column.notNull ? undefined : `ALTER COLUMN ${c} SET NOT NULL`,
  'drop not null': ({ c, column, table }) =>
    table.primary?.columns.includes(column.name) || column.numbered === 'identity'
      ? undefined
      : `ALTER COLUMN ${c} DROP NOT NULL`,
  'drop expression': ({ table, chance }) => {
    const made = table.columns.find(({ generated }) => generated);
    return made && `ALTER COLUMN ${quoted(made.name)} DROP EXPRESSION${chance.pick(['', ' IF EXISTS'])}`;
  },
  'set expression': ({ table, world }) => {
    const made = table.columns.find(({ generated }) => generated);
    return made && world.major >= 17 ? `ALTER COLUMN ${quoted(made.name)} SET EXPRESSION AS (5)` : undefined;
  },
  identity: ({ table, chance }) => {
    const own = table.columns.find(({ numbered }) => numbered === 'identity');
    if (own)
      return `ALTER COLUMN ${quoted(own.name)} ${chance.pick(['SET GENERATED ALWAYS', 'SET INCREMENT BY 2', 'RESTART WITH 500000', 'RESTART WITH 1', 'DROP IDENTITY', 'DROP IDENTITY IF EXISTS'])}`;
    const plain = table.columns.find(
      ({ kind, notNull, default: value, numbered }) => kind.id === 'int' && notNull && !value && !numbered,
    );
    return plain && table.kind === 'table'
      ? `ALTER COLUMN ${quoted(plain.name)} ADD GENERATED BY DEFAULT AS IDENTITY`
      : undefined;
  },
  'column settings': ({ c, column, chance }) =>
    `ALTER COLUMN ${c} ${chance.pick(['SET STATISTICS 500', 'SET (n_distinct = 5)', 'RESET (n_distinct)', ...(isText(column) ? ['SET STORAGE EXTERNAL', 'SET COMPRESSION pglz'] : [])])}`,
  'add check': ({ column, chance, table }) => {
    if (isText(column) && !column.notNull && trueOf(column).includes('NULL')) return undefined;
    void table;
    return `ADD CONSTRAINT fresh_ok CHECK (${trueOf(column).replace('IS NOT NULL', 'IS NULL OR true')})${chance.pick(['', ' NOT VALID'])}`;
  },
  'add not null': ({ c, world, chance, column }) =>
    world.major >= 18 && !column.notNull && (!isText(column) || column.kind.id !== 'text')
      ? `ADD CONSTRAINT fresh_known NOT NULL ${c}${chance.pick(['', ' NOT VALID'])}`
      : undefined,
  'add unique': (place) => {
    const one = distinct(place);
    return one && (place.table.kind === 'table' || one.name === 'at')
      ? `ADD CONSTRAINT fresh_key UNIQUE (${quoted(one.name)})`
      : undefined;
  },
  'add primary key': (place) => {
    const one = distinct(place);
    if (!one || place.table.primary || (one.kind.id === 'text' && !one.notNull)) return undefined;
    return place.table.kind === 'table' || one.name === 'at'
      ? `ADD PRIMARY KEY (${quoted(one.name)})`
      : undefined;
  },
  'add exclusion': (place) => {
    const one = distinct(place);
    return one && place.table.kind === 'table'
      ? `ADD CONSTRAINT fresh_apart EXCLUDE USING btree (${quoted(one.name)} WITH =)`
      : undefined;
  },
  'add foreign key': ({ table, world, chance }) => {
    const targets = world.tables.filter(
      (to) => to.primary?.columns.join() === 'id' && to.columns[0]!.kind.id === 'int' && to.kind === 'table',
    );
    const to = maybe(chance, targets);
    const from = table.columns.find(({ name, kind }) => name === 'parent_id' && kind.id === 'int');
    if (!to || !from || !table.foreign.some((key) => key.to === to)) return undefined;
    const notValid = table.kind === 'table' || world.major >= 18 ? chance.pick(['', ' NOT VALID']) : '';
    const enforced = world.major >= 18 && table.kind === 'table' && chance.some(0.2) ? ' NOT ENFORCED' : '';
    return `ADD CONSTRAINT fresh_fk FOREIGN KEY (parent_id) REFERENCES ${to.sql} (id)${chance.pick(['', ' ON DELETE CASCADE'])}${enforced || notValid}`;
  },
  'alter constraint': ({ table, chance, world }) => {
    const key = maybe(chance, table.foreign);
    const more = world.major >= 18 ? ['NOT ENFORCED', 'ENFORCED'] : [];
    return (
      key &&
      `ALTER CONSTRAINT ${quoted(key.name)} ${chance.pick(['DEFERRABLE', 'NOT DEFERRABLE', 'DEFERRABLE INITIALLY DEFERRED', ...more])}`
    );
  },
  'validate constraint': ({ table, chance }) => {
    const name = maybe(chance, [...table.notValid, ...table.checks.map((check) => check.name)]);
    return name && `VALIDATE CONSTRAINT ${quoted(name)}`;
  },
  'drop constraint': ({ table, chance }) => {
    const all = [
      ...table.checks,
      ...table.uniques,
      ...table.foreign,
      ...(table.primary ? [table.primary] : []),
    ];
    const one = maybe(chance, all);
    return one
      ? `DROP CONSTRAINT ${chance.pick(['', 'IF EXISTS '])}${quoted(one.name)}${cascade(chance)}`
      : 'DROP CONSTRAINT IF EXISTS never_there';
  },
  'switch trigger': ({ table, chance }) => {
    const trigger = maybe(chance, table.triggers);
    const which = trigger && chance.some(0.7) ? quoted(trigger) : chance.pick(['ALL', 'USER']);
    return `${chance.pick(['DISABLE', 'ENABLE', 'ENABLE'])} TRIGGER ${which}`;
  },
  'switch rule': ({ table, chance }) => {
    const rule = maybe(chance, table.rules);
    return rule && `${chance.pick(['DISABLE', 'ENABLE'])} RULE ${quoted(rule)}`;
  },
  'row security': ({ chance }) =>
    `${chance.pick(['ENABLE', 'DISABLE', 'FORCE', 'NO FORCE'])} ROW LEVEL SECURITY`,
  cluster: ({ table, chance }) => {
    const index = maybe(
      chance,
      table.indexes.filter(({ plain, unique }) => plain && unique),
    );
    return index && table.kind === 'table' ? `CLUSTER ON ${quoted(index.name)}` : 'SET WITHOUT CLUSTER';
  },
  persistence: ({ chance, table, world }) =>
    table.kind === 'table' && !world.publications.some((name) => name.includes(table.name))
      ? `SET ${chance.pick(['LOGGED', 'UNLOGGED', 'ACCESS METHOD heap', 'TABLESPACE pg_default'])}`
      : undefined,
  'storage options': ({ chance, table }) =>
    table.kind === 'table'
      ? chance.pick(['SET (fillfactor = 70)', 'RESET (fillfactor)', 'SET (autovacuum_enabled = false)'])
      : undefined,
  owner: ({ chance }) => `OWNER TO ${chance.pick(['postgres', 'app', 'CURRENT_USER'])}`,
  'replica identity': ({ table, chance }) => {
    const index = table.indexes.find(
      ({ unique, plain, columns }) =>
        unique && plain && columns.every((name) => table.columns.find((one) => one.name === name)?.notNull),
    );
    return `REPLICA IDENTITY ${chance.pick(['FULL', 'DEFAULT', 'NOTHING', ...(index ? [`USING INDEX ${quoted(index.name)}`] : [])])}`;
  },
};

const alter = (part: string | undefined, { table }: Place) => part && `ALTER TABLE ${table.sql} ${part}`;
const indexOn = (table: Table, name: string) => `${table.schema}.${quoted(name)}`;

function anyIndex({ world, chance }: Place) {
  const all = world.tables.flatMap((table) => table.indexes.map((index) => ({ table, index })));
  return maybe(chance, all);
}

function newIndex(place: Place, concurrently: string) {
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

/** Whole statements. */
const STATEMENTS: Record<string, Make> = {
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
  'create view': ({ table, chance }) =>
    chance.pick([
      `CREATE VIEW public.fresh_view AS SELECT ${columnsOf(table.columns.slice(0, 2))} FROM ${table.sql}`,
      `CREATE OR REPLACE VIEW public.fresh_view AS SELECT * FROM ${table.sql}`,
      `CREATE MATERIALIZED VIEW public.fresh_mat AS SELECT count(*) FROM ${table.sql}`,
    ]),
  'replace view': ({ world, chance }) => {
    const view = maybe(
      chance,
      world.views.filter(({ sql }) => !sql.includes('view2')),
    );
    return (
      view &&
      `CREATE OR REPLACE VIEW ${view.sql} AS SELECT ${columnsOf(view.columns)}${chance.pick(['', ', 1 AS more'])} FROM ${view.of.sql}`
    );
  },
  'drop view': ({ world, chance }) => {
    const view = maybe(chance, world.views);
    return view && `DROP VIEW ${chance.pick(['', 'IF EXISTS '])}${view.sql}${cascade(chance)}`;
  },
  'view made again': ({ world, chance }) => {
    const view = maybe(
      chance,
      world.views.filter(
        ({ sql }) => !world.views.some((other) => other.sql === sql.replace(/view("?)$/, 'view2$1')),
      ),
    );
    if (!view) return undefined;
    const columns = chance.some(0.5) ? view.columns : view.columns.slice(0, 1);
    return [
      `DROP VIEW ${view.sql}`,
      `CREATE VIEW ${view.sql} AS SELECT ${columnsOf(columns)} FROM ${view.of.sql}`,
      ...(chance.some(0.7) ? [`GRANT SELECT ON ${view.sql} TO app`] : []),
    ];
  },
  'alter view': ({ world, chance }) => {
    const view = maybe(chance, world.views);
    return (
      view &&
      `ALTER VIEW ${view.sql} ${chance.pick(['RENAME TO renamed_view', `RENAME COLUMN ${quoted(view.columns[0]!.name)} TO renamed`, 'OWNER TO app', 'SET (security_barrier = true)', 'RESET (security_barrier)', `ALTER COLUMN ${quoted(view.columns[0]!.name)} SET DEFAULT NULL`])}`
    );
  },
  refresh: ({ world, chance }) => {
    const view = maybe(chance, world.materialized);
    return (
      view &&
      `REFRESH MATERIALIZED VIEW ${view.unique ? chance.pick(['', 'CONCURRENTLY ']) : ''}${view.sql}${chance.some(0.2) && !view.unique ? ' WITH NO DATA' : ''}`
    );
  },
  'drop materialized view': ({ world, chance }) => {
    const view = maybe(chance, world.materialized);
    return view && `DROP MATERIALIZED VIEW ${view.sql}`;
  },
  'create sequence': ({ chance }) =>
    `CREATE SEQUENCE ${chance.pick(['', 'IF NOT EXISTS '])}public.fresh_numbers`,
  'alter sequence': ({ world, chance }) => {
    const sequence = maybe(chance, world.sequences);
    return (
      sequence &&
      `ALTER SEQUENCE ${sequence} ${chance.pick(['RESTART', 'RESTART WITH 1', 'INCREMENT BY 2', 'CACHE 10', 'MAXVALUE 1000000000', 'OWNED BY NONE', 'RENAME TO renamed_numbers', 'OWNER TO postgres'])}`
    );
  },
  'drop sequence': ({ world, chance }) => {
    const sequence = maybe(chance, world.sequences);
    return sequence && `DROP SEQUENCE ${sequence}${cascade(chance)}`;
  },
  'create type': ({ chance }) =>
    chance.pick([
      "CREATE TYPE public.fresh_kind AS ENUM ('a', 'b')",
      'CREATE DOMAIN public.fresh_domain AS integer CHECK (VALUE > 0)',
      'CREATE TYPE public.fresh_pair AS (a integer, b text)',
      'CREATE TYPE public.fresh_range AS RANGE (subtype = float8)',
    ]),
  'alter enum': ({ world, chance }) => {
    const type = maybe(chance, world.enums);
    return (
      type &&
      `ALTER TYPE ${type.sql} ${chance.pick(["ADD VALUE 'newest'", "ADD VALUE IF NOT EXISTS 'low'", "ADD VALUE 'middle' AFTER 'low'", "RENAME VALUE 'high' TO 'highest'", 'RENAME TO renamed_kind'])}`
    );
  },
  'alter composite': ({ world, chance }) => {
    const type = maybe(chance, world.composites);
    return (
      type &&
      `ALTER TYPE ${type.sql} ${chance.pick(['ADD ATTRIBUTE more text', 'DROP ATTRIBUTE word', 'ALTER ATTRIBUTE n TYPE bigint', 'RENAME ATTRIBUTE word TO renamed'])}${chance.pick(['', ''])}`
    );
  },
  'drop type': ({ world, chance }) => {
    const type = maybe(chance, [...world.enums, ...world.composites, ...world.domains]);
    return type && `DROP TYPE ${type.sql}${cascade(chance)}`;
  },
  'alter domain': ({ world, chance }) => {
    const domain = maybe(chance, world.domains);
    if (!domain) return undefined;
    const check = domain.base === 'text' ? "VALUE <> 'zzz'" : 'VALUE >= 0';
    return `ALTER DOMAIN ${domain.sql} ${chance.pick([`ADD CONSTRAINT fresh_rule CHECK (${check})`, `ADD CONSTRAINT fresh_rule CHECK (${check}) NOT VALID`, 'DROP NOT NULL', domain.base === 'text' ? "SET DEFAULT 'x'" : 'SET DEFAULT 1', 'DROP DEFAULT', ...domain.checks.flatMap((name) => [`DROP CONSTRAINT ${name}`, `VALIDATE CONSTRAINT ${name}`]), 'RENAME TO renamed_domain'])}`;
  },
  'replace function': ({ chance }) =>
    chance.pick([
      "CREATE OR REPLACE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + n'",
      "CREATE FUNCTION public.fresh_call() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ]),
  'drop function': ({ world, chance }) => {
    const { sql, args } = chance.pick(world.functions);
    return `DROP FUNCTION ${sql}(${args})${cascade(chance)}`;
  },
  'drop function in use': () => 'DROP FUNCTION public.touch()',
  'alter function': ({ world, chance }) => {
    const { sql, args } = chance.pick(world.functions);
    return `ALTER FUNCTION ${sql}(${args}) ${chance.pick(['RENAME TO renamed_call', 'VOLATILE', 'SECURITY DEFINER', 'OWNER TO postgres', 'COST 10'])}`;
  },
  'create trigger': ({ table, chance }) =>
    `CREATE TRIGGER fresh_trigger ${chance.pick(['BEFORE INSERT', 'BEFORE UPDATE', 'AFTER UPDATE'])} ON ${table.sql} FOR EACH ROW EXECUTE FUNCTION public.touch()`,
  'drop trigger': ({ table, chance }) => {
    const trigger = maybe(chance, table.triggers);
    return (
      trigger &&
      chance.pick([
        `DROP TRIGGER ${quoted(trigger)} ON ${table.sql}`,
        `ALTER TRIGGER ${quoted(trigger)} ON ${table.sql} RENAME TO renamed_trigger`,
      ])
    );
  },
  rule: ({ table, chance }) => {
    const own = maybe(chance, table.rules);
    return own && chance.some(0.6)
      ? `DROP RULE ${quoted(own)} ON ${table.sql}`
      : table.kind === 'table'
        ? `CREATE RULE fresh_rule AS ON INSERT TO ${table.sql} DO ALSO NOTIFY written`
        : undefined;
  },
  policy: ({ table, chance }) => {
    const own = maybe(chance, table.policies);
    return own
      ? chance.pick([
          `DROP POLICY ${quoted(own)} ON ${table.sql}`,
          `ALTER POLICY ${quoted(own)} ON ${table.sql} USING (true)`,
          `ALTER POLICY ${quoted(own)} ON ${table.sql} RENAME TO renamed_policy`,
        ])
      : `CREATE POLICY fresh_rows ON ${table.sql} USING (true)`;
  },
  'row security behind a policy': (place) => [
    `CREATE POLICY fresh_rows ON ${place.table.sql} USING (true)`,
    alter('ENABLE ROW LEVEL SECURITY', place)!,
  ],
  publication: ({ world, table, chance }) => {
    const own = maybe(chance, world.publications);
    return chance.pick([
      `CREATE PUBLICATION fresh_changes FOR TABLE ${table.sql}`,
      'CREATE PUBLICATION fresh_changes FOR ALL TABLES',
      ...(own ? [`DROP PUBLICATION ${own}`, `ALTER PUBLICATION ${own} SET (publish = 'insert')`] : []),
    ]);
  },
  statistics: (place) => {
    const own = maybe(place.chance, place.world.statistics);
    const [one, two] = place.table.columns.filter(({ kind, generated }) => kind.ordered && !generated);
    return own && place.chance.some(0.5)
      ? `DROP STATISTICS ${own}`
      : one && two
        ? `CREATE STATISTICS public.fresh_stats ON ${columnsOf([one, two])} FROM ${place.table.sql}`
        : undefined;
  },
  comment: ({ table, c, chance }) =>
    chance.pick([`COMMENT ON TABLE ${table.sql} IS 'x'`, `COMMENT ON COLUMN ${table.sql}.${c} IS 'x'`]),
  schema: ({ world, chance }) => {
    const other = world.schemas[1];
    return chance.pick([
      'CREATE SCHEMA fresh_schema',
      'CREATE SCHEMA IF NOT EXISTS public',
      ...(other
        ? [
            `DROP SCHEMA ${other} CASCADE`,
            `ALTER SCHEMA ${other} RENAME TO renamed_schema`,
            `DROP SCHEMA ${other}`,
          ]
        : []),
    ]);
  },
  rights: ({ table, chance }) =>
    chance.pick([
      `GRANT SELECT ON ${table.sql} TO app`,
      `REVOKE SELECT ON ${table.sql} FROM app`,
      `REVOKE TRUNCATE ON ${table.sql} FROM app`,
      `REVOKE ALL ON ${table.sql} FROM app`,
      `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app`,
      'DROP OWNED BY app',
      'REASSIGN OWNED BY app TO postgres',
    ]),
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
  'select into': ({ table }) => `SELECT * INTO public.fresh_copy FROM ${table.sql}`,
  'safe not null': (place) => {
    if (place.column.notNull || place.column.kind.id === 'text' || place.column.generated) return undefined;
    const name = 'fresh_known';
    const [add, validate] = [
      `ADD CONSTRAINT ${name} CHECK (${place.c} IS NOT NULL) NOT VALID`,
      `VALIDATE CONSTRAINT ${name}`,
    ];
    const ends = place.chance.pick([
      [`ALTER COLUMN ${place.c} SET NOT NULL`, `DROP CONSTRAINT ${name}`],
      [`ALTER COLUMN ${place.c} SET NOT NULL, DROP CONSTRAINT ${name}`],
    ]);
    return [add, validate, ...ends].map((part) => alter(part, place)!);
  },
  'not null taken back': (place) =>
    place.column.notNull &&
    !place.table.primary?.columns.includes(place.column.name) &&
    !place.column.numbered
      ? [`ALTER COLUMN ${place.c} DROP NOT NULL`, `ALTER COLUMN ${place.c} SET NOT NULL`].map(
          (part) => alter(part, place)!,
        )
      : undefined,
};

/** What wants no transaction, or is not taken back by one. */
const ALONE: Record<string, Make> = {
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

const forms = (of: Record<string, Make>) => Object.keys(of);

function place(world: World, chance: Chance): Place {
  const table = chance.pick(world.tables);
  const column = chance.pick(table.columns);
  return { world, chance, table, column, c: quoted(column.name) };
}

function one(world: World, chance: Chance): Script | undefined {
  const at = place(world, chance);
  if (chance.some(0.04)) {
    const form = chance.pick(forms(ALONE));
    const made = ALONE[form]!(at);
    return made === undefined ? undefined : { form, statements: [made].flat(), alone: true };
  }
  if (chance.some(0.5)) {
    const form = chance.pick(forms(PARTS));
    const first = PARTS[form]!(at);
    if (first === undefined) return undefined;
    const others = chance.some(0.2) ? [PARTS[chance.pick(forms(PARTS))]!({ ...at, ...other(at) })] : [];
    const parts = [first, ...others].flat().filter((part) => part !== undefined);
    // two new columns of one name, or two types of one column, would only be refused
    const distinctParts = parts.filter(
      (part, i) =>
        ![/fresh/, / TYPE /, /^OWNER /].some(
          (what) => what.test(part) && parts.findIndex((one) => what.test(one)) < i,
        ),
    );
    const only = chance.some(0.03) ? 'ONLY ' : '';
    return { form, statements: [`ALTER TABLE ${only}${at.table.sql} ${distinctParts.join(', ')}`] };
  }
  const form = chance.pick(forms(STATEMENTS));
  const made = STATEMENTS[form]!(at);
  return made === undefined ? undefined : { form, statements: [made].flat() };
}

function other({ table, chance }: Place): Pick<Place, 'column' | 'c'> {
  const column = chance.pick(table.columns);
  return { column, c: quoted(column.name) };
}

/** A script of one of the grammar's forms, about what there is in the world. */
export function randomScript(world: World, chance: Chance): Script {
  for (;;) {
    const first = one(world, chance);
    if (!first) continue;
    if (first.alone || first.statements.length > 1 || chance.some(0.85)) return first;
    const second = one(world, chance);
    if (
      second &&
      !second.alone &&
      second.form !== first.form &&
      !second.statements.some((text) => /fresh/.test(text) && /fresh/.test(first.statements.join()))
    )
      return {
        form: `${first.form}, ${second.form}`,
        statements: [...first.statements, ...second.statements],
      };
  }
}
