import { quoted, trueOf } from '../world/world';
import { cascade, distinct, isText, type Make, maybe } from './place';

/** Parts of ALTER TABLE about constraints. */
export const ruleParts: Record<string, Make> = {
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
};
