/**
 * Line and column of growing offsets into a text that only `slice` can read: PostgreSQL counts in bytes, people in
 * characters. Each piece is read once, so that the whole costs one pass.
 */
export function positions(slice: (from: number, to: number) => string) {
  let offset = 0;
  let line = 1;
  let column = 1;
  return (next: number): { line: number; column: number } => {
    const lines = slice(offset, next).split('\n');
    const last = [...lines.at(-1)!].length;
    column = lines.length > 1 ? last + 1 : column + last;
    line += lines.length - 1;
    offset = next;
    return { line, column };
  };
}
