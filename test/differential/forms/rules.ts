import { quoted, type Table, trueOf } from '../world/world';
import { cascade, distinct, type Forms, hasNulls, maybe, oneOf, type Place } from './place';

/** All named constraints but NOT NULL. */
export const constraintsOf = ({ checks, uniques, apart, foreign, primary }: Table) => [
  ...checks,
  ...uniques,
  ...apart,
  ...foreign,
  ...(primary ? [primary] : []),
];

const usable = ({ table, chance }: Place) =>
  maybe(
    chance,
    table.indexes.filter(({ unique, plain }) => unique && plain),
  );

/** A column's condition in a CHECK that all its rows keep. */
const kept = ({ column }: Place) => trueOf(column).replace('IS NOT NULL', 'IS NULL OR true');

/** Parts of ALTER TABLE about constraints. */
export const ruleParts: Forms = {
  'add check': (place) =>
    place.column.generated === 'VIRTUAL' && place.chance.some(0.7)
      ? undefined
      : `ADD CONSTRAINT fresh_ok CHECK (${kept(place)})${oneOf(place, '', '', ' NOT VALID', ' NO INHERIT', place.world.major >= 18 && ' NOT ENFORCED')}`,
  'add check of a function': (place) =>
    place.column.kind.id === 'int'
      ? `ADD CHECK (public.twice(${place.c}) >= 0)${oneOf(place, '', ' NOT VALID')}`
      : undefined,
  'add not null': ({ c, world, chance, column }) =>
    world.major >= 18 && !column.notNull && !hasNulls(column)
      ? `ADD CONSTRAINT fresh_known NOT NULL ${c}${chance.pick(['', ' NOT VALID', ' NO INHERIT'])}`
      : undefined,
  'add unique': (place) => {
    const one = distinct(place);
    return (
      one &&
      `ADD CONSTRAINT fresh_key UNIQUE ${oneOf(place, '', '', one.notNull && 'NULLS NOT DISTINCT ')}(${quoted(one.name)})${oneOf(place, '', ' DEFERRABLE', ' WITH (fillfactor = 80)')}`
    );
  },
  'add unique using index': (place) => {
    const index = usable(place);
    return index && place.table.kind === 'table'
      ? `ADD ${oneOf(place, 'CONSTRAINT fresh_key ', '')}UNIQUE USING INDEX ${quoted(index.name)}`
      : undefined;
  },
  'add primary key': (place) => {
    const one = distinct(place);
    if (!one || place.table.primary || hasNulls(one)) return undefined;
    return `ADD PRIMARY KEY (${quoted(one.name)})`;
  },
  'add primary key using index': (place) => {
    const index = usable(place);
    const { table } = place;
    const nulls = index?.columns.some((name) => {
      const column = table.columns.find((one) => one.name === name);
      return column && hasNulls(column);
    });
    return index && !table.primary && !nulls && table.kind === 'table'
      ? `ADD CONSTRAINT fresh_pk PRIMARY KEY USING INDEX ${quoted(index.name)}`
      : undefined;
  },
  'add exclusion': (place) => {
    const one = distinct(place);
    const range = place.table.columns.find(({ kind }) => kind.id === 'range');
    if (place.table.kind !== 'table') return undefined;
    if (range) return `ADD CONSTRAINT fresh_apart EXCLUDE USING gist (${quoted(range.name)} WITH &&)`;
    return one && `ADD CONSTRAINT fresh_apart EXCLUDE USING btree (${quoted(one.name)} WITH =)`;
  },
  'add foreign key': (place) => {
    const { table, world, chance } = place;
    const key = maybe(
      chance,
      table.foreign.filter(({ to }) => to.unlogged === table.unlogged),
    );
    if (!key) return undefined;
    const { to } = key;
    const partitioned = table.kind === 'partitioned' || to.kind === 'partitioned';
    const mode = oneOf(
      place,
      '',
      (table.kind === 'table' || world.major >= 18) && to.kind === 'table' && ' NOT VALID',
      world.major >= 18 && !partitioned && ' NOT ENFORCED',
    );
    return `ADD CONSTRAINT fresh_fk FOREIGN KEY (parent_id) REFERENCES ${to.sql}${oneOf(place, ` (${quoted(to.primary!.columns[0]!)})`, '')}${oneOf(place, '', ' ON DELETE CASCADE', ' ON DELETE SET NULL', ' MATCH FULL')}${mode}`;
  },
  'alter constraint': (place) => {
    const { table, chance, world } = place;
    const key = maybe(chance, table.foreign);
    const check = maybe(chance, table.checks);
    if (world.major >= 18 && check && chance.some(0.15))
      return `ALTER CONSTRAINT ${quoted(check.name)} ${chance.pick(['NOT ENFORCED', 'ENFORCED'])}`;
    return (
      key &&
      `ALTER CONSTRAINT ${quoted(key.name)} ${oneOf(place, 'DEFERRABLE', 'NOT DEFERRABLE', 'DEFERRABLE INITIALLY DEFERRED', 'INITIALLY IMMEDIATE', world.major >= 18 && 'NOT ENFORCED', world.major >= 18 && 'ENFORCED')}`
    );
  },
  'validate constraint': ({ table, chance }) => {
    const name = maybe(chance, [
      ...table.notValid,
      ...table.notValid,
      ...table.checks.map((check) => check.name),
    ]);
    return name && `VALIDATE CONSTRAINT ${quoted(name)}`;
  },
  'drop constraint': ({ table, chance }) => {
    const one = maybe(chance, constraintsOf(table));
    return one
      ? `DROP CONSTRAINT ${chance.pick(['', 'IF EXISTS '])}${quoted(one.name)}${cascade(chance)}`
      : 'DROP CONSTRAINT IF EXISTS never_there';
  },
};
