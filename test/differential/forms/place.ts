import type { Chance } from '../chance';
import { type Column, isNumeric, quoted, type Table, type World } from '../world/world';

/** Statements that run one after the other, in one transaction unless they want none. */
export interface Script {
  form: string;
  statements: string[];
  /** Statement by statement, outside a transaction. */
  alone?: boolean;
}

export interface Place {
  world: World;
  chance: Chance;
  /** A table, and one of its columns. */
  table: Table;
  column: Column;
  c: string;
}

export type Make = (place: Place) => string | string[] | undefined;
export type Forms = Record<string, Make>;

export const isText = ({ kind }: Column) => kind.type === 'text' || kind.type.startsWith('varchar');
export const isNumber = ({ kind }: Column) => isNumeric(kind.type);

/** The column decides in which partition a row lies. */
export const isKey = ({ table, column }: Place) => table.key.includes(column.name);
/** Rows have no value in it here and there. */
export const hasNulls = ({ kind, notNull }: Column) => kind.id === 'text' && !notNull;

export const ordered = ({ table, chance }: Place) => {
  const own = table.columns.filter(({ kind }) => kind.ordered);
  return own.length > 0 ? chance.pick(own) : undefined;
};

/** A column whose values differ, and that can be a key of the table by itself. */
export const distinct = ({ table, chance }: Place) => {
  const own = table.columns.filter(
    ({ name, kind, generated }) =>
      kind.distinct &&
      kind.ordered &&
      !generated &&
      (table.kind === 'table' || (table.strategy !== 'expression' && table.key.join() === name)),
  );
  return own.length > 0 ? chance.pick(own) : undefined;
};

export const maybe = <T>(chance: Chance, list: readonly T[]): T | undefined =>
  list.length > 0 ? chance.pick(list) : undefined;
export const cascade = (chance: Chance) => (chance.some(0.3) ? ' CASCADE' : '');
export const oneOf = ({ chance }: Place, ...all: (string | undefined | false)[]): string | undefined =>
  maybe(
    chance,
    all.filter((one): one is string => typeof one === 'string'),
  );

export const alter = (part: string | undefined, { table, chance }: Place) =>
  part && `ALTER TABLE ${chance.some(0.03) ? 'IF EXISTS ' : ''}${table.sql} ${part}`;
export const indexOn = (table: Table, name: string) => `${table.schema}.${quoted(name)}`;

/** A table that a foreign key from integers may lead to. */
export const target = ({ world, chance }: Place) =>
  maybe(
    chance,
    world.tables.filter(
      ({ primary, columns, kind, unlogged }) =>
        primary?.columns.join() === 'id' && columns[0]!.kind.id === 'int' && kind === 'table' && !unlogged,
    ),
  );

export const partitioned = ({ world, chance }: Place) =>
  maybe(
    chance,
    world.tables.filter(({ kind }) => kind === 'partitioned'),
  );

/** Another schema than that of the named object. */
export const elsewhere = ({ world }: Place, sql: string) =>
  world.schemas.find((schema) => !sql.startsWith(`${schema}.`));
