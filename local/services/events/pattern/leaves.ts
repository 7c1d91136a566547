/** A value of an event that is neither an object nor an array. */
export type Scalar = string | number | boolean | null;

/** A scalar, and at which element it lies of each array around it. */
export interface Leaf {
  value: Scalar;
  elements: ReadonlyMap<number, number>;
}

/**
 * The scalars of an event by their path, names joined with dots: `{a: {b: 1}}` and `{'a.b': 1}` are the same to a
 * pattern. Arrays leave no trace in the path; empty objects and arrays have no leaf.
 */
export function leavesOf(event: unknown): ReadonlyMap<string, Leaf[]> {
  const leaves = new Map<string, Leaf[]>();
  let arrays = 0;

  function visit(value: unknown, path: string | undefined, elements: ReadonlyMap<number, number>): void {
    if (Array.isArray(value)) {
      const array = arrays++;
      for (const [index, item] of value.entries()) visit(item, path, new Map([...elements, [array, index]]));
    } else if (value !== null && typeof value === 'object') {
      for (const [name, inner] of Object.entries(value)) visit(inner, joined(path, name), elements);
    } else if (path !== undefined && value !== undefined) {
      leaves.set(path, [...(leaves.get(path) ?? []), { value: value as Scalar, elements }]);
    }
  }

  visit(event, undefined, new Map());
  return leaves;
}

export const joined = (path: string | undefined, name: string) =>
  path === undefined ? name : `${path}.${name}`;

/** Whether one leaf of each field can be taken so that no two lie in different elements of the same array. */
export function together(
  fields: readonly Leaf[][],
  elements: ReadonlyMap<number, number> = new Map(),
): boolean {
  const [first, ...others] = fields;
  if (!first) return true;
  return first.some((leaf) => {
    for (const [array, index] of leaf.elements) if ((elements.get(array) ?? index) !== index) return false;
    return together(others, new Map([...elements, ...leaf.elements]));
  });
}
