import { type Made, plain } from './kinds';
import { columnsFor, definition, emptyTable, insertRows } from './tables';
import { type Column, type Kind, list, MANY, quoted, type Table } from './world';

/** Rows of the default partition have other values than those of the others, and so have those of the loose one. */
const region: Kind = {
  id: 'region',
  type: 'text',
  value: (n) =>
    `CASE WHEN ${n} > 4000 THEN 'z' WHEN ${n} > 1000 THEN 'x' WHEN ${n} % 2 = 0 THEN 'a' ELSE 'b' END`,
  ordered: true,
};

const BY = {
  range: { key: ['at'], by: 'RANGE (at)' },
  expression: { key: ['at'], by: 'RANGE ((at + 0))' },
  list: { key: ['region'], by: 'LIST (region)' },
  hash: { key: ['at'], by: 'HASH (at)' },
} as const;

/** Bounds of the partitions that there are, of a loose table, and of one that comes. */
export const BOUNDS = {
  range: {
    parts: ['FROM (0) TO (150)', 'FROM (150) TO (1000)'],
    loose: 'FROM (1000) TO (1500)',
    next: 'FROM (2000) TO (3000)',
  },
  expression: {
    parts: ['FROM (0) TO (150)', 'FROM (150) TO (1000)'],
    loose: 'FROM (1000) TO (1500)',
    next: 'FROM (2000) TO (3000)',
  },
  list: { parts: ["IN ('a')", "IN ('b')"], loose: "IN ('x')", next: "IN ('y', 'yy')" },
  hash: {
    parts: ['WITH (MODULUS 2, REMAINDER 0)', 'WITH (MODULUS 2, REMAINDER 1)'],
    loose: undefined,
    next: undefined,
  },
} as const;

export function createPartitioned(made: Made, name: string): Table {
  const { world, chance } = made;
  const schema = chance.pick(world.schemas);
  const strategy = chance.pick(['range', 'range', 'range', 'list', 'hash', 'expression'] as const);
  const { key, by } = BY[strategy];
  const at: Column = { name: 'at', kind: plain[0]!, notNull: true };
  const columns = [at, ...(strategy === 'list' ? [{ name: 'region', kind: region, notNull: true }] : [])];
  columns.push(...columnsFor(made));
  const table: Table = { ...emptyTable(schema, name, columns), kind: 'partitioned', key: [...key], strategy };
  const own = [...new Set(['at', ...key])];
  if (strategy !== 'expression' && chance.some(0.5)) table.primary = { name: `${name}_pkey`, columns: own };
  const primary = table.primary ? `, PRIMARY KEY (${list(own)})` : '';
  world.setup.push(
    `CREATE TABLE ${table.sql} (${columns.map((column) => definition(column)).join(', ')}${primary}) PARTITION BY ${by}`,
  );
  const part = (suffix: string) => `${schema}.${quoted(`${name}_${suffix}`)}`;
  const [first, second] = BOUNDS[strategy].parts;
  world.setup.push(`CREATE TABLE ${part('1')} PARTITION OF ${table.sql} FOR VALUES ${first}`);
  if (chance.some(0.3)) {
    world.setup.push(
      `CREATE TABLE ${part('2')} PARTITION OF ${table.sql} FOR VALUES ${second} PARTITION BY RANGE (at)`,
      `CREATE TABLE ${part('2a')} PARTITION OF ${part('2')} FOR VALUES FROM (150) TO (1000)`,
    );
    // elsewhere there are rows outside of those bounds too
    if (strategy !== 'range' || chance.some(0.4))
      world.setup.push(`CREATE TABLE ${part('2rest')} PARTITION OF ${part('2')} DEFAULT`);
  } else world.setup.push(`CREATE TABLE ${part('2')} PARTITION OF ${table.sql} FOR VALUES ${second}`);
  table.partitions.push(part('1'), part('2'));
  if (strategy !== 'hash' && chance.some(0.4)) {
    table.hasDefault = true;
    world.setup.push(`CREATE TABLE ${part('rest')} PARTITION OF ${table.sql} DEFAULT`);
    table.partitions.push(part('rest'));
  }
  world.setup.push(insertRows(table, table.rows));
  if (table.hasDefault) {
    world.setup.push(insertRows(table, MANY, 5000));
    table.rows = 2 * MANY;
  }
  const bounds = BOUNDS[strategy].loose;
  if (bounds && chance.some(0.7)) loosePartition(made, table, bounds);
  return table;
}

/** A table like the partitions, which is none yet. */
function loosePartition({ world, chance }: Made, parent: Table, bounds: string) {
  const sql = `${parent.schema}.${quoted(`${parent.name}_loose`)}`;
  const including = chance.pick(['', ' INCLUDING ALL', ' INCLUDING INDEXES', ' INCLUDING DEFAULTS']);
  world.setup.push(
    `CREATE TABLE ${sql} (LIKE ${parent.sql}${including})`,
    insertRows({ ...parent, sql }, MANY, 1000),
  );
  const list = parent.strategy === 'list';
  const proof = list
    ? chance.pick(["region = 'x'", "region IN ('x')", "region IS NOT NULL AND region = ANY (ARRAY['x'])"])
    : chance.pick([
        'at IS NOT NULL AND at >= 1000 AND at < 1500',
        'at >= 1000 AND at < 1500',
        'at > 1000 AND at < 1400',
      ]);
  const texts = { proof, other: list ? "region <> 'a'" : 'at > 0', 'not valid': proof };
  const check = chance.pick(['none', 'proof', 'proof', 'other', 'not valid'] as const);
  if (check !== 'none')
    world.setup.push(
      `ALTER TABLE ${sql} ADD CONSTRAINT loose_bounds CHECK (${texts[check]})${check === 'not valid' ? ' NOT VALID' : ''}`,
    );
  world.uses.push(`SELECT * FROM ${sql} LIMIT 1`, `UPDATE ${sql} SET at = at WHERE at = 1200`);
  world.loose.push({ sql, parent, bounds });
}
