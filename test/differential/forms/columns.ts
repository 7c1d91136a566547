import { quoted } from '../world/world';
import { cascade, isNumber, isText, type Make, maybe, type Place } from './place';

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
export const columnParts: Record<string, Make> = {
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
};
