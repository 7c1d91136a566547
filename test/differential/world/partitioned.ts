import { type Made, plain } from './kinds';
import { columnsFor, definition, insertRows } from './tables';
import { type Column, MANY, quoted, type Table } from './world';

export function createPartitioned(made: Made, name: string): Table {
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
