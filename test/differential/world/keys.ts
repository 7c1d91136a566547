import type { Made } from './kinds';
import { type Column, list, MANY, quoted, type Table } from './world';

const METHODS: Record<string, string> = {
  array: 'gin',
  'int-array': 'gin',
  jsonb: 'gin',
  document: 'gin',
  range: 'gist',
  int: 'brin',
};

export function indexes({ world, chance }: Made, table: Table) {
  const own = chance.shuffled(table.columns.filter(({ kind }) => kind.ordered));
  const [first, second] = own;
  if (!first) return;
  const text = own.find(({ kind }) => kind.type === 'text' || kind.type.startsWith('varchar'));
  const add = (
    suffix: string,
    columns: string[],
    unique: boolean,
    sql: string,
    isPlain = true,
    where = '',
  ) => {
    const name = `${table.name}_${suffix}`;
    table.indexes.push({ name, columns, unique, plain: isPlain, where });
    world.setup.push(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${quoted(name)} ON ${table.sql} ${sql}`);
  };
  if (chance.some(0.5)) add('by_first', [first.name], false, `(${quoted(first.name)})`);
  if (second && chance.some(0.3))
    add('by_both', [first.name, second.name], false, `(${list([first.name, second.name])})`);
  if (text && chance.some(0.4)) add('lower', [text.name], false, `(lower(${quoted(text.name)}))`, false);
  const number = own.find(({ kind, generated }) => kind.id === 'int' && !generated);
  if (number && chance.some(0.15))
    add('twice', [number.name], false, `(public.twice(${quoted(number.name)}))`, false);
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
  if (distinct && chance.some(0.4) && (table.kind === 'table' || table.key.join() === distinct.name)) {
    const other = own.find(({ name }) => name !== distinct.name);
    const more = other && chance.some(0.4) ? ` INCLUDE (${quoted(other.name)})` : '';
    const where =
      other && !more && table.strategy !== 'expression' && chance.some(0.2)
        ? ` WHERE ${quoted(other.name)} IS NOT NULL`
        : '';
    if (table.strategy !== 'expression')
      add('one', [distinct.name], true, `(${quoted(distinct.name)})${more}${where}`, where === '', where);
  }
  if (text && chance.some(0.2)) add('hash', [text.name], false, `USING hash (${quoted(text.name)})`);
  // of a few pages a planner reads a BRIN index as gladly as that of a key
  const keys = [...(table.primary?.columns ?? []), ...table.uniques.flatMap(({ columns }) => columns)];
  const special = table.columns.find(
    ({ name, kind, generated }) => METHODS[kind.id] && !generated && !keys.includes(name),
  );
  if (special && chance.some(0.3))
    add('special', [special.name], false, `USING ${METHODS[special.kind.id]} (${quoted(special.name)})`);
}

/** A foreign key to a table that was there before, or to itself. */
export function foreignKeys({ world, chance }: Made, table: Table) {
  const isTarget = (to: Table) =>
    to.primary?.columns.length === 1 &&
    /int$|integer$/.test(to.columns[0]!.kind.type) &&
    to.rows >= MANY &&
    to.unlogged === table.unlogged;
  const itself = isTarget(table) && table.kind === 'table' && chance.some(0.15);
  const targets = itself ? [table] : world.tables.filter(isTarget);
  if (targets.length === 0 || chance.some(0.4)) return;
  const to = chance.pick(targets);
  const name = `${table.name}_${to.name}_fk`.slice(0, 50);
  const column: Column = {
    name: 'parent_id',
    kind: { ...to.columns[0]!.kind, distinct: false },
    notNull: false,
  };
  table.columns.push(column);
  const mode = chance.pick([
    '',
    ' ON DELETE CASCADE',
    ' ON DELETE SET NULL',
    ' MATCH FULL ON UPDATE CASCADE',
    ' DEFERRABLE INITIALLY DEFERRED',
    ' NOT VALID',
    ...(world.major >= 18 ? [' NOT ENFORCED'] : []),
  ]);
  world.setup.push(
    `ALTER TABLE ${table.sql} ADD COLUMN parent_id ${column.kind.type}`,
    `UPDATE ${table.sql} SET parent_id = 1 + abs(hashtext(ctid::text)) % ${MANY}`,
  );
  // a key that is not looked at cannot lead from or to a partitioned table before 18, or at all
  const partitioned = table.kind === 'partitioned' || to.kind === 'partitioned';
  const sql = partitioned && mode.startsWith(' NOT') ? '' : mode;
  world.setup.push(
    `ALTER TABLE ${table.sql} ADD CONSTRAINT ${quoted(name)} FOREIGN KEY (parent_id) REFERENCES ${to.sql} (${quoted(to.columns[0]!.name)})${sql}`,
  );
  if (sql === ' NOT VALID') table.notValid.push(name);
  table.foreign.push({ name, columns: ['parent_id'], to });
}
