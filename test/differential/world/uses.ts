import type { Chance } from '../chance';
import { type Column, columnsOf, list, quoted, type Table, type World, written } from './world';

const ROW = 9_000_001;

/** The value that the version writes into a column. */
function valueIn({ kind, name }: Column): string {
  if (name === 'at') return '900';
  if (name === 'region') return "'a'";
  if (name === 'parent_id') return '1';
  return kind.id === 'smallint' ? '30000::smallint' : kind.value(String(ROW));
}

const inserted = ({ sql }: Table, some: Column[], end = '') =>
  some.length === 0
    ? `INSERT INTO ${sql} DEFAULT VALUES`
    : `INSERT INTO ${sql} (${columnsOf(some)}) VALUES (${some.map(valueIn).join(', ')})${end}`;

/** A condition on one row. */
function oneRow({ columns }: Table): string {
  const key = columns.find(({ kind, name }) => name === 'id' || name === 'at' || kind.id === 'int');
  if (!key) return 'false';
  return `${quoted(key.name)} = ${key.kind.id === 'uuid' ? "md5('50')::uuid" : '50'}`;
}

/** Inserts that count on a key: by its columns, by its name, with and without writing over. */
function upserts(table: Table, own: Column[], chance: Chance): string[] {
  const { primary, uniques, indexes, apart } = table;
  const keys = [
    ...(primary ? [primary] : []),
    ...uniques,
    ...indexes.filter(({ unique, plain }) => unique && plain),
  ];
  const named = [
    ...(primary ? [primary] : []),
    ...uniques,
    ...apart.filter(({ name }) => name.endsWith('apart')),
  ];
  const [set] = own;
  return [
    ...keys.map(({ columns }) => inserted(table, own, ` ON CONFLICT (${list(columns)}) DO NOTHING`)),
    ...indexes
      .filter(({ unique, where }) => unique && where)
      .map(({ columns, where }) =>
        inserted(table, own, ` ON CONFLICT (${list(columns.slice(0, 1))})${where} DO NOTHING`),
      ),
    ...(keys[0] && set && chance.some(0.3)
      ? [
          inserted(
            table,
            own,
            ` ON CONFLICT (${list(keys[0].columns)}) DO UPDATE SET ${quoted(set.name)} = excluded.${quoted(set.name)}`,
          ),
        ]
      : []),
    ...(named.length > 0 && chance.some(0.15)
      ? [inserted(table, own, ` ON CONFLICT ON CONSTRAINT ${quoted(chance.pick(named).name)} DO NOTHING`)]
      : []),
  ];
}

function prepare(world: World, sql: string, types = '', values = '') {
  const name = `p${world.prepared.length}`;
  world.prepared.push({ name: `${name}${types}`, sql, run: `EXECUTE ${name}${values}` });
}

/** What the version that runs does with a table, from all that it may do. */
export function uses(world: World, table: Table, chance: Chance) {
  const { sql, columns, rows } = table;
  const own = written(table).filter(({ numbered }) => !numbered);
  // what has a default nobody has to write
  const explicit = own.filter(({ default: given }) => !given);
  const filled = columns
    .filter(({ kind }) => kind.id !== 'composite' && kind.id !== 'domain-array')
    .map(({ name }) => `count(${quoted(name)}) > 0`);
  const where = oneRow(table);
  const changed = own.find(({ name }) => !where.startsWith(`${quoted(name)} `));
  const set = changed && `${quoted(changed.name)} = ${quoted(changed.name)}`;
  world.uses.push(
    `SELECT ${columnsOf(columns)} FROM ${sql} LIMIT 1`,
    `SELECT 1 FROM ${sql} HAVING ${[`count(*) >= ${Math.min(Math.ceil(rows * 0.9), rows - 6)}`, ...filled].join(' AND ')}`,
    inserted(table, own),
    ...(explicit.length < written(table).length ? [inserted(table, explicit)] : []),
    ...upserts(table, own, chance),
    ...(set ? [`UPDATE ${sql} SET ${set} WHERE ${where}`] : []),
    ...(chance.some(0.3) ? [`SELECT * FROM ${sql} WHERE ${where} FOR UPDATE`] : []),
    ...(chance.some(0.2) ? [`DELETE FROM ${sql} WHERE ${where}`] : []),
  );
  for (const part of table.partitions) world.uses.push(`SELECT 1 FROM ${part} LIMIT 1`);
  // without a list of columns
  if (chance.some(0.2) && own.length === columns.length)
    world.uses.push(`INSERT INTO ${sql} VALUES (${own.map(valueIn).join(', ')})`);
  const holder = world.heirs.some(({ of }) => of === table);
  if (holder) world.uses.push(`SELECT 1 FROM ONLY ${sql} LIMIT 1`);
  for (const { name, kind } of columns) {
    if (kind.id === 'composite')
      world.uses.push(`SELECT (${quoted(name)}).n, (${quoted(name)}).word FROM ${sql} LIMIT 1`);
    if (kind.id === 'enum-array')
      world.uses.push(`SELECT count(*) FROM ${sql} WHERE 'high' = ANY (${quoted(name)})`);
    if (kind.id === 'enum') world.uses.push(`SELECT count(*) FROM ${sql} WHERE ${quoted(name)} = 'high'`);
    else if (kind.ordered && kind.id !== 'region' && chance.some(0.2))
      world.uses.push(`SELECT count(*) >= 0 FROM ${sql} WHERE ${quoted(name)} = ${kind.value('5')}`);
  }
  prepare(world, `SELECT ${columnsOf(columns)} FROM ${sql} LIMIT 1`);
  prepare(world, `SELECT * FROM ${sql} LIMIT 1`);
  if (chance.some(0.3)) prepare(world, `${inserted(table, own)} RETURNING *`);
  if (set && chance.some(0.3)) prepare(world, `UPDATE ${sql} SET ${set} WHERE ${where} RETURNING 1`);
  const number = columns.find(({ kind }) => kind.id === 'int');
  if (number && chance.some(0.3))
    prepare(world, `SELECT 1 FROM ${sql} WHERE ${quoted(number.name)} = $1 LIMIT 1`, '(integer)', '(50)');
}

/** What it does with views, functions and sequences. */
export function usesOfObjects(world: World) {
  for (const { sql, columns } of world.views) {
    world.uses.push(`SELECT ${columnsOf(columns)} FROM ${sql} LIMIT 1`);
    prepare(world, `SELECT ${columnsOf(columns)} FROM ${sql} LIMIT 1`);
    const [set] = columns.filter(({ generated, name }) => !generated && name !== 'region' && name !== 'at');
    if (set) world.uses.push(`UPDATE ${sql} SET ${quoted(set.name)} = ${quoted(set.name)} WHERE false`);
  }
  for (const { call } of world.functions) world.uses.push(`SELECT ${call}`);
  for (const { sql } of world.materialized) world.uses.push(`SELECT n FROM ${sql} LIMIT 1`);
  for (const { sql } of world.heirs) world.uses.push(`SELECT more FROM ${sql} LIMIT 1`);
}
