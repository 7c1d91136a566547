/** `83 400` ms as `83.4 s`, shorter times as `840 ms`. */
export const duration = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** Seconds as `1:07`. */
export const elapsed = (ms: number) => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

export const count = (value: number) => Math.round(value).toLocaleString('en-US');

/** Cells as text, columns aligned to the longest one; numbers to the right. */
export function table(rows: readonly (readonly string[])[], numeric: readonly number[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) =>
        numeric.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** A path in lines of at most `width` characters, broken at its arrows. */
export function wrapPath(path: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const state of path) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + state.length + 3 <= width)
      lines[lines.length - 1] = `${last} → ${state}`;
    else lines.push(lines.length === 0 ? state : `→ ${state}`);
  }
  return lines;
}
