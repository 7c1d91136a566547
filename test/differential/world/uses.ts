import { type Column, columnsOf, list, quoted, type Table, type World, written } from './world';

/** What the version that runs does with a table, from all that it may do. */
export function uses(world: World, table: Table) {
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
