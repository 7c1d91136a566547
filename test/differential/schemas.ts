import type { Chance } from './chance';

/** A kind of column: how its type is written, and the value of row n. */
export interface Kind {
  id: string;
  type: string;
  /** SQL of the value of row n, distinct for distinct n where `distinct`. */
  value(n: string): string;
  distinct?: boolean;
  /** PostgreSQL compares two of it by <, so that it can be a key. */
  ordered?: boolean;
}

export interface Column {
  name: string;
  kind: Kind;
  notNull: boolean;
  default?: string;
  /** Made by PostgreSQL, never written: GENERATED ALWAYS AS (…). */
  generated?: boolean;
  /** Numbered by a sequence: serial, or GENERATED … AS IDENTITY. */
  numbered?: 'serial' | 'identity';
}

export interface Key {
  name: string;
  columns: string[];
}

export interface Table {
  /** As SQL names it, with its schema and quoted where it has to be. */
  sql: string;
  schema: string;
  name: string;
  kind: 'table' | 'partitioned';
  rows: number;
  columns: Column[];
  primary?: Key;
  uniques: Key[];
  checks: Key[];
  notValid: string[];
  foreign: (Key & { to: Table })[];
  indexes: (Key & { unique: boolean; plain: boolean })[];
  triggers: string[];
  policies: string[];
  rules: string[];
  /** Of a partitioned table: names of its partitions, as SQL. */
  partitions: string[];
  hasDefault?: boolean;
  /** Bounds of the next partition. */
  nextBound: number;
  secured?: boolean;
}

export interface World {
  /** SQL that makes it, statement by statement. Each but the first few may be left out when a story is made smaller. */
  setup: string[];
  schemas: string[];
  tables: Table[];
  views: { sql: string; of: Table; columns: Column[]; where?: string }[];
  materialized: { sql: string; unique?: string }[];
  sequences: string[];
  enums: { sql: string; labels: string[] }[];
  domains: { sql: string; base: string; checks: string[] }[];
  composites: { sql: string; fields: string[] }[];
  functions: { sql: string; args: string; call: string }[];
  publications: string[];
  statistics: string[];
  /** Of another table's shape, to be attached or inherited; bounds it fits. */
  loose: { sql: string; parent: Table; from: number; to: number; checked: boolean }[];
  /** Statements that the old version executes. */
  uses: string[];
  /** Statements it has prepared by name, in every session. */
  prepared: { name: string; sql: string; run: string }[];
  major: number;
}

export const BIG = 100;
const MANY = 300;
const FEW = 20;

const RESERVED = new Set(['order', 'user', 'select', 'group', 'check']);
export const quoted = (name: string) =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

const NAMES = ['parcels', 'Parcel', 'order', 'invoices', 'user', 'items', 'Event', 'readings', 'ledger'];
const COLUMNS = [
  'amount',
  'note',
  'Kind',
  'select',
  'state',
  'code',
  'seen_at',
  'label',
  'total',
  'Ref',
  'extra',
  'flag',
];

const plain: Kind[] = [
  { id: 'int', type: 'integer', value: (n) => n, distinct: true, ordered: true },
  { id: 'smallint', type: 'smallint', value: (n) => `(${n})::smallint`, distinct: true, ordered: true },
  { id: 'bigint', type: 'bigint', value: (n) => n, distinct: true, ordered: true },
  { id: 'text', type: 'text', value: (n) => `'v' || ${n}`, distinct: true, ordered: true },
  { id: 'varchar', type: 'varchar(20)', value: (n) => `'v' || ${n}`, distinct: true, ordered: true },
  { id: 'open-varchar', type: 'varchar', value: (n) => `'v' || ${n}`, distinct: true, ordered: true },
  { id: 'char', type: 'char(8)', value: (n) => `'v' || ${n}`, distinct: true, ordered: true },
  { id: 'numeric', type: 'numeric(10,2)', value: (n) => n, distinct: true, ordered: true },
  { id: 'open-numeric', type: 'numeric', value: (n) => n, distinct: true, ordered: true },
  {
    id: 'timestamp',
    type: 'timestamp',
    value: (n) => `timestamp '2026-01-01' + ${n} * interval '1 minute'`,
    distinct: true,
    ordered: true,
  },
  {
    id: 'timestamptz',
    type: 'timestamptz',
    value: (n) => `timestamptz '2026-01-01' + ${n} * interval '1 minute'`,
    distinct: true,
    ordered: true,
  },
  { id: 'date', type: 'date', value: (n) => `date '2026-01-01' + ${n}`, distinct: true, ordered: true },
  { id: 'boolean', type: 'boolean', value: (n) => `${n} % 2 = 0`, ordered: true },
  { id: 'double', type: 'double precision', value: (n) => n, distinct: true, ordered: true },
  {
    id: 'jsonb',
    type: 'jsonb',
    value: (n) => `jsonb_build_object('n', ${n})`,
    distinct: true,
    ordered: true,
  },
  { id: 'uuid', type: 'uuid', value: (n) => `md5((${n})::text)::uuid`, distinct: true, ordered: true },
  {
    id: 'interval',
    type: 'interval(3)',
    value: (n) => `${n} * interval '1 second'`,
    distinct: true,
    ordered: true,
  },
  { id: 'array', type: 'text[]', value: (n) => `ARRAY['v' || ${n}]`, distinct: true, ordered: true },
  { id: 'bit', type: 'bit(12)', value: (n) => `(${n})::bit(12)`, ordered: true },
  { id: 'varbit', type: 'varbit(12)', value: (n) => `(${n})::bit(12)::varbit`, ordered: true },
  { id: 'cidr', type: 'cidr', value: (n) => `('10.0.' || (${n}) % 250 || '.0/24')::cidr`, ordered: true },
];

interface Made {
  world: World;
  chance: Chance;
  /** Numbers names that must differ. */
  number: () => number;
}

const kindsOf = ({ world }: Made): Kind[] => [
  ...plain,
  ...world.enums.map(({ sql, labels }) => ({
    id: 'enum',
    type: sql,
    value: (n: string) =>
      `(ARRAY[${labels.map((label) => `'${label}'`).join(', ')}])[1 + (${n}) % 2]::${sql}`,
    ordered: true,
  })),
  ...world.domains.map(({ sql, base }) => ({
    id: 'domain',
    type: sql,
    value: (n: string) => (base === 'text' ? `'v' || ${n}` : n),
    distinct: true,
    ordered: true,
  })),
  ...world.domains
    .filter((_domain, i) => i === 0)
    .map(({ sql, base }) => ({
      id: 'domain-array',
      type: `${sql}[]`,
      value: (n: string) => `ARRAY[${base === 'text' ? `'v' || ${n}` : n}]::${sql}[]`,
    })),
  ...world.composites.map(({ sql }) => ({
    id: 'composite',
    type: sql,
    value: (n: string) => `ROW(${n}, 'v' || ${n})::${sql}`,
  })),
];

const list = (names: string[]) => names.map(quoted).join(', ');
export const columnsOf = (columns: Column[]) => list(columns.map(({ name }) => name));
export const isNumeric = (type: string) => /^(?:integer|smallint|bigint|numeric|double)/.test(type);
export const written = ({ columns }: Table) => columns.filter(({ generated }) => !generated);

/** A condition that every row keeps. */
export const trueOf = ({ name, kind }: Column) =>
  isNumeric(kind.type)
    ? `${quoted(name)} >= 0`
    : kind.type === 'text' || kind.type.startsWith('varchar')
      ? `${quoted(name)} <> ''`
      : `${quoted(name)} IS NOT NULL`;

function types({ world, chance }: Made) {
  const schema = () => chance.pick(world.schemas);
  if (chance.some(0.8)) {
    const sql = `${schema()}.${chance.pick(['level', '"Level"'])}`;
    world.enums.push({ sql, labels: ['low', 'high', 'none'] });
    world.setup.push(`CREATE TYPE ${sql} AS ENUM ('low', 'high', 'none')`);
  }
  if (chance.some(0.7)) {
    const sql = `${schema()}.${chance.pick(['name_text', '"NameText"'])}`;
    const checked = chance.some(0.4);
    world.domains.push({ sql, base: 'text', checks: checked ? ['not_empty'] : [] });
    world.setup.push(
      `CREATE DOMAIN ${sql} AS text${checked ? " CONSTRAINT not_empty CHECK (VALUE <> '')" : ''}`,
    );
  }
  if (chance.some(0.5)) {
    const sql = `${schema()}.positive`;
    world.domains.push({ sql, base: 'integer', checks: ['above_zero'] });
    world.setup.push(`CREATE DOMAIN ${sql} AS integer CONSTRAINT above_zero CHECK (VALUE >= 0)`);
  }
  if (chance.some(0.4)) {
    const sql = `${schema()}.place`;
    world.composites.push({ sql, fields: ['n', 'word'] });
    world.setup.push(`CREATE TYPE ${sql} AS (n integer, word text)`);
  }
}

/** A column's definition in CREATE TABLE. */
function definition(
  { name, kind, notNull, default: value, numbered, generated }: Column,
  from?: string,
): string {
  if (numbered === 'serial') return `${quoted(name)} ${kind.type === 'bigint' ? 'bigserial' : 'serial'}`;
  const rest = [
    ...(numbered === 'identity' ? ['GENERATED BY DEFAULT AS IDENTITY'] : []),
    ...(generated && from ? [`GENERATED ALWAYS AS (${from}) STORED`] : []),
    ...(value ? [`DEFAULT ${value}`] : []),
    ...(notNull && !numbered ? ['NOT NULL'] : []),
  ];
  return [quoted(name), kind.type, ...rest].join(' ');
}

const DEFAULTS: Record<string, string> = {
  int: '7',
  bigint: '7',
  numeric: '7',
  text: "'none'",
  varchar: "'none'",
  boolean: 'true',
  timestamptz: 'now()',
  date: 'CURRENT_DATE',
  jsonb: "'{}'",
};

function columnsFor(made: Made): Column[] {
  const { chance } = made;
  const kinds = kindsOf(made);
  const names = chance.shuffled(COLUMNS);
  return Array.from({ length: 2 + chance.below(4) }, (_, i) => {
    const kind = chance.pick(kinds);
    const value = chance.some(0.3) ? DEFAULTS[kind.id] : undefined;
    return { name: names[i]!, kind, notNull: chance.some(0.3), default: value };
  });
}

const insertRows = (table: Table, rows: number, from = 0) => {
  const own = written(table);
  return `INSERT INTO ${table.sql} (${columnsOf(own)}) SELECT ${own
    .map(({ kind, notNull, name }) => {
      const value = kind.value('n');
      const nullable = !notNull && !table.primary?.columns.includes(name);
      return nullable && kind.id === 'text' ? `CASE WHEN n % 10 <> 3 THEN ${value} END` : value;
    })
    .join(', ')} FROM generate_series(${from + 1}, ${from + rows}) AS n`;
};

function createTable(made: Made, name: string): Table {
  const { world, chance } = made;
  const schema = chance.pick(world.schemas);
  const columns = columnsFor(made);
  const table: Table = {
    sql: `${schema}.${quoted(name)}`,
    schema,
    name,
    kind: 'table',
    rows: chance.some(0.8) ? MANY : FEW,
    columns,
    uniques: [],
    checks: [],
    notValid: [],
    foreign: [],
    indexes: [],
    triggers: [],
    policies: [],
    rules: [],
    partitions: [],
    nextBound: 2000,
  };
  const parts: string[] = [];
  const id = chance.pick(['plain', 'serial', 'identity', 'uuid', 'none', 'pair', 'bigint']);
  const idKind = plain.find(
    (kind) => kind.id === (id === 'uuid' ? 'uuid' : id === 'bigint' ? 'bigint' : 'int'),
  )!;
  if (id !== 'none') {
    const numbered = id === 'serial' || id === 'identity' ? id : undefined;
    columns.unshift({ name: 'id', kind: idKind, notNull: true, numbered });
    const pair = id === 'pair' ? columns[1] : undefined;
    const key = ['id', ...(pair?.kind.ordered ? [pair.name] : [])];
    if (pair?.kind.ordered) pair.notNull = true;
    table.primary = { name: `${name}_pkey`, columns: key };
    parts.push(`PRIMARY KEY (${list(key)})`);
  }
  const source = columns.find(({ kind }) => isNumeric(kind.type) && kind.id !== 'smallint');
  let from: string | undefined;
  if (source && chance.some(0.3)) {
    from = `${quoted(source.name)} + 1`;
    const kind = {
      ...source.kind,
      id: 'generated',
      type: source.kind.type.startsWith('numeric') ? 'numeric' : source.kind.type,
    };
    columns.push({ name: 'made', kind, notNull: false, generated: true });
  }
  const checked = chance.some(0.5) ? chance.pick(columns.filter((column) => !column.generated)) : undefined;
  if (checked) {
    table.checks.push({ name: `${name}_ok`, columns: [checked.name] });
    parts.push(
      `CONSTRAINT ${quoted(`${name}_ok`)} CHECK (${trueOf(checked).replace('IS NOT NULL', 'IS NULL OR true')})`,
    );
  }
  const unique = columns.find(({ kind, generated, name: of }) => kind.distinct && !generated && of !== 'id');
  if (unique && chance.some(0.4)) {
    table.uniques.push({ name: `${name}_uk`, columns: [unique.name] });
    parts.push(`CONSTRAINT ${quoted(`${name}_uk`)} UNIQUE (${quoted(unique.name)})`);
  }
  world.setup.push(
    `CREATE TABLE ${table.sql} (${[...columns.map((column) => definition(column, from)), ...parts].join(', ')})`,
  );
  world.setup.push(insertRows(table, table.rows));
  if (id === 'serial' || id === 'identity')
    world.setup.push(`SELECT setval(pg_get_serial_sequence('${table.sql}', 'id'), 100000)`);
  if (id === 'serial') world.sequences.push(`${schema}.${quoted(`${name}_id_seq`)}`);
  return table;
}

function createPartitioned(made: Made, name: string): Table {
  const { world, chance } = made;
  const schema = chance.pick(world.schemas);
  const day: Column = { name: 'at', kind: plain[0]!, notNull: true };
  const columns = [day, ...columnsFor(made)];
  const primary = chance.some(0.5) ? { name: `${name}_pkey`, columns: ['at'] } : undefined;
  const table: Table = {
    sql: `${schema}.${quoted(name)}`,
    schema,
    name,
    kind: 'partitioned',
    rows: MANY,
    columns,
    ...(primary && { primary }),
    uniques: [],
    checks: [],
    notValid: [],
    foreign: [],
    indexes: [],
    triggers: [],
    policies: [],
    rules: [],
    partitions: [],
    nextBound: 2000,
  };
  const key = primary ? ', PRIMARY KEY (at)' : '';
  world.setup.push(
    `CREATE TABLE ${table.sql} (${columns.map((column) => definition(column)).join(', ')}${key}) PARTITION BY RANGE (at)`,
  );
  const part = (suffix: string) => `${schema}.${quoted(`${name}_${suffix}`)}`;
  world.setup.push(`CREATE TABLE ${part('1')} PARTITION OF ${table.sql} FOR VALUES FROM (0) TO (150)`);
  if (chance.some(0.3)) {
    world.setup.push(
      `CREATE TABLE ${part('2')} PARTITION OF ${table.sql} FOR VALUES FROM (150) TO (1000) PARTITION BY RANGE (at)`,
      `CREATE TABLE ${part('2a')} PARTITION OF ${part('2')} FOR VALUES FROM (150) TO (1000)`,
    );
  } else
    world.setup.push(`CREATE TABLE ${part('2')} PARTITION OF ${table.sql} FOR VALUES FROM (150) TO (1000)`);
  table.partitions.push(part('1'), part('2'));
  if (chance.some(0.4)) {
    table.hasDefault = true;
    world.setup.push(`CREATE TABLE ${part('rest')} PARTITION OF ${table.sql} DEFAULT`);
    table.partitions.push(part('rest'));
  }
  world.setup.push(insertRows(table, table.rows));
  if (table.hasDefault) world.setup.push(insertRows(table, MANY, 5000));
  if (table.hasDefault) table.rows = 2 * MANY;
  if (chance.some(0.7)) loosePartition(made, table);
  return table;
}

/** A table like the partitions, which is none yet. */
function loosePartition({ world, chance }: Made, parent: Table) {
  const sql = `${parent.schema}.${quoted(`${parent.name}_loose`)}`;
  const including = chance.pick(['', ' INCLUDING ALL', ' INCLUDING INDEXES', ' INCLUDING DEFAULTS']);
  const [from, to] = [1000, 1500];
  world.setup.push(
    `CREATE TABLE ${sql} (LIKE ${parent.sql}${including})`,
    insertRows({ ...parent, sql }, MANY, from),
  );
  const check = chance.pick(['none', 'proof', 'other', 'not valid']);
  const text = {
    proof: `at IS NOT NULL AND at >= ${from} AND at < ${to}`,
    other: 'at > 0',
    'not valid': `at IS NOT NULL AND at >= ${from} AND at < ${to}`,
  };
  if (check !== 'none')
    world.setup.push(
      `ALTER TABLE ${sql} ADD CONSTRAINT loose_bounds CHECK (${text[check as keyof typeof text]})${check === 'not valid' ? ' NOT VALID' : ''}`,
    );
  world.uses.push(`SELECT * FROM ${sql} LIMIT 1`, `UPDATE ${sql} SET at = at WHERE at = 1200`);
  world.loose.push({ sql, parent, from, to, checked: check === 'proof' });
}

function indexes({ world, chance }: Made, table: Table) {
  const own = chance.shuffled(table.columns.filter(({ kind }) => kind.ordered));
  const [first, second] = own;
  if (!first) return;
  const text = own.find(({ kind }) => kind.type === 'text' || kind.type.startsWith('varchar'));
  const add = (suffix: string, columns: string[], unique: boolean, sql: string, isPlain = true) => {
    const name = `${table.name}_${suffix}`;
    table.indexes.push({ name, columns, unique, plain: isPlain });
    world.setup.push(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${quoted(name)} ON ${table.sql} ${sql}`);
  };
  if (chance.some(0.5)) add('by_first', [first.name], false, `(${quoted(first.name)})`);
  if (second && chance.some(0.3))
    add('by_both', [first.name, second.name], false, `(${list([first.name, second.name])})`);
  if (text && chance.some(0.4)) add('lower', [text.name], false, `(lower(${quoted(text.name)}))`, false);
  if (second && chance.some(0.3))
    add(
      'some',
      [first.name, second.name],
      false,
      `(${quoted(first.name)}) WHERE ${quoted(second.name)} IS NOT NULL`,
      false,
    );
  if (second && chance.some(0.25))
    add(
      'covering',
      [first.name, second.name],
      false,
      `(${quoted(first.name)}) INCLUDE (${quoted(second.name)})`,
      false,
    );
  const distinct = own.find(({ kind, generated }) => kind.distinct && !generated);
  if (distinct && chance.some(0.4) && (table.kind === 'table' || distinct.name === 'at')) {
    const other = own.find(({ name }) => name !== distinct.name);
    const more = other && chance.some(0.4) ? ` INCLUDE (${quoted(other.name)})` : '';
    const where = other && !more && chance.some(0.2) ? ` WHERE ${quoted(other.name)} IS NOT NULL` : '';
    add('one', [distinct.name], true, `(${quoted(distinct.name)})${more}${where}`, where === '');
  }
  if (text && chance.some(0.2)) add('hash', [text.name], false, `USING hash (${quoted(text.name)})`);
}

function foreignKeys({ world, chance }: Made, table: Table) {
  const targets = world.tables.filter(
    (to) =>
      to.primary?.columns.length === 1 &&
      /int$|integer$/.test(to.columns[0]!.kind.type) &&
      to.kind === 'table' &&
      to.rows === MANY,
  );
  if (targets.length === 0 || chance.some(0.4)) return;
  const to = chance.pick(targets);
  const name = `${table.name}_${to.name}_fk`.slice(0, 50);
  const column: Column = {
    name: 'parent_id',
    kind: { ...to.columns[0]!.kind, distinct: false },
    notNull: false,
  };
  if (table.columns.some((known) => known.name === 'parent_id')) return;
  table.columns.push(column);
  const mode = chance.pick(['', ' ON DELETE CASCADE', ' DEFERRABLE INITIALLY DEFERRED', ' NOT VALID']);
  world.setup.push(
    `ALTER TABLE ${table.sql} ADD COLUMN parent_id ${column.kind.type}`,
    `UPDATE ${table.sql} SET parent_id = 1 + abs(hashtext(ctid::text)) % ${to.rows}`,
  );
  // a key without validation cannot be on a partitioned table before 18
  const sql = table.kind === 'partitioned' && mode === ' NOT VALID' ? '' : mode;
  world.setup.push(
    `ALTER TABLE ${table.sql} ADD CONSTRAINT ${quoted(name)} FOREIGN KEY (parent_id) REFERENCES ${to.sql} (id)${sql}`,
  );
  if (sql === ' NOT VALID') table.notValid.push(name);
  table.foreign.push({ name, columns: ['parent_id'], to });
}

/** What hangs on a table: views, triggers, policies and the like. */
function dependants(made: Made, table: Table) {
  const { world, chance } = made;
  const some = (p: number) => chance.some(p);
  const column = chance.pick(table.columns);
  const c = quoted(column.name);
  const name = table.name;
  const at = (suffix: string) => `${table.schema}.${quoted(`${name}_${suffix}`)}`;
  if (some(0.35)) {
    const shown = chance.shuffled(table.columns).slice(0, 2);
    const options = chance.pick(['', '', ' WITH (security_barrier)', ' WITH (security_invoker)']);
    world.views.push({ sql: at('view'), of: table, columns: shown });
    world.setup.push(`CREATE VIEW ${at('view')}${options} AS SELECT ${columnsOf(shown)} FROM ${table.sql}`);
    if (some(0.3)) {
      world.views.push({ sql: at('view2'), of: table, columns: shown });
      world.setup.push(`CREATE VIEW ${at('view2')} AS SELECT * FROM ${at('view')}`);
    }
  }
  if (some(0.2)) {
    world.setup.push(
      `CREATE MATERIALIZED VIEW ${at('mat')} AS SELECT row_number() OVER () AS n, ${c} FROM ${table.sql}`,
    );
    const unique = some(0.6) ? `${name}_mat_n` : undefined;
    if (unique) world.setup.push(`CREATE UNIQUE INDEX ${quoted(unique)} ON ${at('mat')} (n)`);
    world.materialized.push({ sql: at('mat'), unique });
  }
  if (some(0.25)) {
    const event = chance.pick([`UPDATE OF ${c}`, 'UPDATE', 'INSERT']);
    const when = some(0.3) && !column.generated ? ` WHEN (NEW.${c} IS NOT NULL)` : '';
    const trigger = `${name}_touch`;
    table.triggers.push(trigger);
    world.setup.push(
      `CREATE TRIGGER ${quoted(trigger)} BEFORE ${event} ON ${table.sql} FOR EACH ROW${when} EXECUTE FUNCTION public.touch()`,
    );
  }
  if (some(0.2)) {
    const policy = `${name}_rows`;
    table.policies.push(policy);
    world.setup.push(
      `CREATE POLICY ${quoted(policy)} ON ${table.sql} USING (${some(0.5) ? `${c} IS NOT NULL OR true` : 'true'})`,
    );
    if (some(0.6)) {
      table.secured = true;
      world.setup.push(`ALTER TABLE ${table.sql} ENABLE ROW LEVEL SECURITY`);
    }
  }
  if (some(0.1)) {
    table.rules.push(`${name}_rule`);
    world.setup.push(
      `CREATE RULE ${quoted(`${name}_rule`)} AS ON DELETE TO ${table.sql} DO ALSO NOTIFY gone`,
    );
  }
  if (some(0.15) && column.kind.ordered) {
    const call = `${at('newest')}()`;
    const standard = some(0.6);
    world.functions.push({ sql: at('newest'), args: '', call });
    world.setup.push(
      `CREATE FUNCTION ${call} RETURNS bigint LANGUAGE sql STABLE ${standard ? `BEGIN ATOMIC SELECT count(${c}) FROM ${table.sql}; END` : `AS $$ SELECT count(${c}) FROM ${table.sql} $$`}`,
    );
  }
  if (some(0.15)) {
    const publication = `${name}_changes`;
    const columns = table.primary && some(0.4) ? ` (${list([...new Set([...table.primary.columns])])})` : '';
    if (table.primary || !some(0.9)) {
      world.publications.push(quoted(publication));
      world.setup.push(`CREATE PUBLICATION ${quoted(publication)} FOR TABLE ${table.sql}${columns}`);
    }
  }
  const [one, two] = table.columns.filter(({ kind, generated }) => kind.ordered && !generated);
  if (some(0.2) && one && two) {
    world.statistics.push(at('stats'));
    world.setup.push(`CREATE STATISTICS ${at('stats')} ON ${list([one.name, two.name])} FROM ${table.sql}`);
  }
  if (table.kind === 'table' && some(0.08)) {
    world.setup.push(`CREATE TABLE ${at('heirs')} (more integer) INHERITS (${table.sql})`);
    world.setup.push(insertRows({ ...table, sql: at('heirs') }, MANY, 20_000));
    if (table.secured) return;
    table.rows += MANY;
  }
  if (some(0.08)) {
    const holder = at('copies');
    world.setup.push(
      `CREATE TABLE ${holder} (id integer PRIMARY KEY, was ${table.sql})`,
      `INSERT INTO ${holder} VALUES (1, NULL)`,
    );
  }
}

/** What the version that runs does with a table, from all that it may do. */
function uses(world: World, table: Table) {
  const { sql, columns, rows, primary } = table;
  const own = written(table);
  const row = 9_000_001;
  const value = ({ kind, name }: Column, n = row) =>
    name === 'at'
      ? '900'
      : kind.id === 'smallint'
        ? '30000::smallint'
        : name === 'parent_id'
          ? '1'
          : kind.value(String(n));
  // what a sequence numbers nobody writes
  const explicit = own.filter(({ default: given, numbered }) => !given && !numbered);
  const insert = (some: Column[], end = '') =>
    some.length === 0
      ? `INSERT INTO ${sql} DEFAULT VALUES`
      : `INSERT INTO ${sql} (${columnsOf(some)}) VALUES (${some.map((one) => value(one)).join(', ')})${end}`;
  const filled = columns
    .filter(({ kind }) => kind.id !== 'composite' && kind.id !== 'domain-array')
    .map(({ name }) => `count(${quoted(name)}) > 0`);
  world.uses.push(
    `SELECT ${columnsOf(columns)} FROM ${sql} LIMIT 1`,
    `SELECT 1 FROM ${sql} HAVING ${[`count(*) >= ${Math.ceil(rows * 0.9)}`, ...filled].join(' AND ')}`,
    insert(own.filter(({ numbered }) => !numbered)),
    ...(explicit.length < own.length ? [insert(explicit)] : []),
  );
  for (const key of [
    ...(primary ? [primary] : []),
    ...table.uniques,
    ...table.indexes.filter(({ unique, plain: isPlain }) => unique && isPlain),
  ])
    world.uses.push(
      insert(
        own.filter(({ numbered }) => !numbered),
        ` ON CONFLICT (${list(key.columns)}) DO NOTHING`,
      ),
    );
  const key = columns.find(({ kind, name }) => name === 'id' || name === 'at' || kind.id === 'int');
  const changed = own.find(({ name }) => name !== key?.name);
  const where =
    key?.kind.id === 'uuid'
      ? `${quoted(key.name)} = md5('50')::uuid`
      : key
        ? `${quoted(key.name)} = 50`
        : 'false';
  if (changed)
    world.uses.push(`UPDATE ${sql} SET ${quoted(changed.name)} = ${quoted(changed.name)} WHERE ${where}`);
  for (const { name, kind } of columns)
    if (kind.id === 'enum') world.uses.push(`SELECT count(*) FROM ${sql} WHERE ${quoted(name)} = 'high'`);
  const prepared = `p${world.prepared.length}`;
  world.prepared.push(
    { name: prepared, sql: `SELECT ${columnsOf(columns)} FROM ${sql} LIMIT 1`, run: `EXECUTE ${prepared}` },
    { name: `${prepared}all`, sql: `SELECT * FROM ${sql} LIMIT 1`, run: `EXECUTE ${prepared}all` },
  );
}

/** A database that somebody may have: some tables with rows, and much that hangs on them. */
export function randomWorld(chance: Chance, major: number): World {
  const world: World = {
    setup: [`CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`],
    schemas: ['public'],
    tables: [],
    views: [],
    materialized: [],
    sequences: [],
    enums: [],
    domains: [],
    composites: [],
    functions: [],
    publications: [],
    statistics: [],
    loose: [],
    uses: [],
    prepared: [],
    major,
  };
  let numbers = 0;
  const made: Made = { world, chance, number: () => numbers++ };
  if (chance.some(0.4)) {
    const name = chance.pick(['shop', '"Shop"']);
    world.schemas.push(name);
    world.setup.push(`CREATE SCHEMA ${name}`);
  }
  types(made);
  const names = chance.shuffled(NAMES).slice(0, 3 + chance.below(2));
  names.forEach((name, i) => {
    const table = i > 0 && chance.some(0.3) ? createPartitioned(made, name) : createTable(made, name);
    foreignKeys(made, table);
    world.tables.push(table);
    indexes(made, table);
  });
  for (const table of world.tables) {
    if (table.kind === 'table' && chance.some(0.25)) {
      const checked = chance.pick(table.columns);
      table.checks.push({ name: `${table.name}_later`, columns: [checked.name] });
      table.notValid.push(`${table.name}_later`);
      world.setup.push(
        `ALTER TABLE ${table.sql} ADD CONSTRAINT ${quoted(`${table.name}_later`)} CHECK (${trueOf(checked).replace('IS NOT NULL', 'IS NULL OR true')}) NOT VALID`,
      );
    }
    dependants(made, table);
    uses(world, table);
  }
  if (chance.some(0.5)) {
    const sql = `${chance.pick(world.schemas)}.numbers`;
    world.sequences.push(sql);
    world.setup.push(`CREATE SEQUENCE ${sql}`);
    world.uses.push(`SELECT nextval('${sql}')`);
  }
  world.functions.push({ sql: 'public.twice', args: 'integer', call: 'public.twice(2)' });
  world.setup.push(
    `CREATE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'`,
  );
  for (const { call } of world.functions) world.uses.push(`SELECT ${call}`);
  for (const { sql, columns, of } of world.views) {
    world.uses.push(`SELECT ${columnsOf(columns)} FROM ${sql} LIMIT 1`);
    const prepared = `p${world.prepared.length}`;
    world.prepared.push({
      name: prepared,
      sql: `SELECT ${columnsOf(columns)} FROM ${sql} LIMIT 1`,
      run: `EXECUTE ${prepared}`,
    });
    void of;
  }
  for (const { sql } of world.materialized) world.uses.push(`SELECT n FROM ${sql} LIMIT 1`);
  world.setup.push(
    ...world.schemas.flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${schema} TO app`,
      `GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO app`,
      `GRANT ALL ON ALL SEQUENCES IN SCHEMA ${schema} TO app`,
    ]),
  );
  return world;
}
