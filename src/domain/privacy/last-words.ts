import { printable } from '../text/printable';
import { withoutValues } from './values';

const LONGEST_LINE = 300;
const QUOTED = 5;

/** How many lines are read: what is quoted of the newest depends on what they go on from. */
export const READ_LINES = 50;

/**
 * The newest lines of a program's output as a message may quote them: without values and secrets, each cut and in one line.
 * Empty when there is none.
 */
export function lastWords(lines: readonly string[]): string {
  const said = withoutValues(lines.map((line) => line.trim()).join('\n'))
    .split('\n')
    .map((line) => printable(line.trim()).slice(0, LONGEST_LINE))
    .filter(Boolean);
  return said.length === 0 ? '' : `its last words: ${said.slice(-QUOTED).join(' | ')}`;
}
