/** A part of a file. `firstLine` is 1-based. */
export interface Section {
  text: string;
  firstLine: number;
  /** The line that begins it. */
  marker: string;
}

/** The parts of a text that begin behind a line that matches, each up to the next such line. */
export function sectionsOf(text: string, marker: RegExp): Section[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (marker.test(line) ? [index] : []));
  return starts.map((start, n) => ({
    marker: lines[start]!,
    text: lines.slice(start + 1, starts[n + 1]).join('\n'),
    firstLine: start + 2,
  }));
}
