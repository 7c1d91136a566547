import type { ReferenceShape, TableShape } from './shape';

/** Tables that are filled by one statement: one, or those that need each other's rows. */
export type Group = readonly TableShape[];

/** A reference that need not be there when a row is made. */
export const mayWait = ({ columns }: TableShape, reference: ReferenceShape): boolean =>
  columns.some(({ name, nullable, numbered }) => nullable && !numbered && reference.columns.includes(name));

/** Parts of a graph of which each member reaches every other, those that are reached first. Tarjan's algorithm. */
function components(names: readonly string[], next: (name: string) => readonly string[]): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (name: string) => {
    index.set(name, index.size);
    low.set(name, index.get(name)!);
    stack.push(name);
    for (const other of next(name)) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(name, Math.min(low.get(name)!, low.get(other)!));
    }
    if (low.get(name) === index.get(name)) found.push(stack.splice(stack.indexOf(name)));
  };
  for (const name of names) if (!index.has(name)) visit(name);
  return found;
}

/**
 * Tables in an order in which their rows can be made: those that are referred to first. In a cycle a reference that may be NULL
 * waits; tables of a cycle without one are a group.
 */
export function inOrder(tables: readonly TableShape[]): Group[] {
  const known = new Map(tables.map((table) => [table.name, table]));
  const names = [...known.keys()];
  const to = (name: string, counts: (table: TableShape, one: ReferenceShape) => boolean) => {
    const table = known.get(name)!;
    return table.references
      .filter((one) => known.has(one.table) && counts(table, one))
      .map((one) => one.table);
  };
  return components(names, (name) => to(name, () => true)).flatMap((cycle) =>
    components(cycle, (name) =>
      to(name, (table, one) => cycle.includes(one.table) && !mayWait(table, one)),
    ).map((group) => group.map((name) => known.get(name)!)),
  );
}
