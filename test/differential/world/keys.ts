import type { Made } from './kinds';
import { type Column, list, MANY, quoted, type Table } from './world';

export function indexes({ world, chance }: Made, table: Table) {
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

export function foreignKeys({ world, chance }: Made, table: Table) {
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
