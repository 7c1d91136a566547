import type { Chance } from '../chance';
import type { Kind, World } from './world';

export const plain: Kind[] = [
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
  { id: 'inet', type: 'inet', value: (n) => `('10.0.' || (${n}) % 250 || '.7')::inet`, ordered: true },
  { id: 'int-array', type: 'integer[]', value: (n) => `ARRAY[${n}]`, distinct: true, ordered: true },
  { id: 'json', type: 'json', value: (n) => `json_build_object('n', ${n})` },
  {
    id: 'bytea',
    type: 'bytea',
    value: (n) => `convert_to('v' || ${n}, 'UTF8')`,
    distinct: true,
    ordered: true,
  },
  { id: 'real', type: 'real', value: (n) => n, distinct: true, ordered: true },
  { id: 'time', type: 'time(3)', value: (n) => `time '00:00' + ${n} * interval '1 second'`, ordered: true },
  {
    id: 'range',
    type: 'int4range',
    value: (n) => `int4range(${n}, ${n} + 1)`,
    distinct: true,
    ordered: true,
  },
  { id: 'money', type: 'money', value: (n) => `(${n})::money`, distinct: true, ordered: true },
  { id: 'document', type: 'tsvector', value: (n) => `to_tsvector('simple', 'v' || ${n})`, ordered: true },
  { id: 'cidr', type: 'cidr', value: (n) => `('10.0.' || (${n}) % 250 || '.0/24')::cidr`, ordered: true },
];

export interface Made {
  world: World;
  chance: Chance;
  /** Numbers names that must differ. */
  number: () => number;
}

export const kindsOf = ({ world }: Made): Kind[] => [
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
  ...world.enums.map(({ sql, labels }) => ({
    id: 'enum-array',
    type: `${sql}[]`,
    value: () => `ARRAY['${labels[0]}']::${sql}[]`,
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

export function types({ world, chance }: Made) {
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
  const [below] = world.domains;
  if (below && chance.some(0.2)) {
    const sql = `${schema()}.narrower`;
    world.domains.push({ sql, base: below.base, checks: [] });
    world.setup.push(`CREATE DOMAIN ${sql} AS ${below.sql}`);
  }
  if (chance.some(0.4)) {
    const sql = `${schema()}.place`;
    world.composites.push({ sql, fields: ['n', 'word'] });
    world.setup.push(`CREATE TYPE ${sql} AS (n integer, word text)`);
  }
}
