/** Smaller lists with which something still holds: pieces are left out, big ones first. */
export async function shrunk<T>(
  list: readonly T[],
  holds: (smaller: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = list;
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = kept.length - size; from > -size; from -= size) {
      const start = Math.max(0, from);
      const without = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (without.length < kept.length && (await holds(without))) kept = without;
    }
  }
  return kept;
}

/** A text cut at its outermost commas. */
export function pieces(text: string): string[] {
  const found: string[] = [''];
  let depth = 0;
  for (const sign of text) {
    if (sign === '(' || sign === '[') depth++;
    if (sign === ')' || sign === ']') depth--;
    if (sign === ',' && depth === 0) found.push('');
    else found[found.length - 1] += sign;
  }
  return found.map((piece) => piece.trim());
}
