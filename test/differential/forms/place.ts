import type { Chance } from '../chance';
import { type Column, isNumeric, type Table, type World } from '../world/world';

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

export const isText = ({ kind }: Column) => kind.type === 'text' || kind.type.startsWith('varchar');
export const isNumber = ({ kind }: Column) => isNumeric(kind.type);
export const ordered = ({ table, chance }: Place) => {
  const own = table.columns.filter(({ kind }) => kind.ordered);
  return own.length > 0 ? chance.pick(own) : undefined;
};
export const distinct = ({ table, chance }: Place) => {
  const own = table.columns.filter(({ kind, generated }) => kind.distinct && kind.ordered && !generated);
  return own.length > 0 ? chance.pick(own) : undefined;
};
export const maybe = <T>(chance: Chance, list: readonly T[]): T | undefined =>
  list.length > 0 ? chance.pick(list) : undefined;
export const cascade = (chance: Chance) => (chance.some(0.3) ? ' CASCADE' : '');
