import type { WriteStream } from 'node:tty';
import { paint, wantsColour } from './ansi';
import { liveLines, type Moment, plainLine } from './live';

/** Where the story is told: a terminal whose last lines are redrawn, or a file that gets one line per change. */
export interface Screen {
  readonly paint: ReturnType<typeof paint>;
  /** A line that stays. */
  say(line: string): void;
  /** What happens now; replaces the moment before. */
  show(moment: Moment): void;
  /** Takes the moment away. */
  settle(): void;
}

const ESCAPE = '\x1b';
const PIECE = new RegExp(`${ESCAPE}\\[\\d+m|.`, 'gu');

/** Characters that are visible, cut to the width of the terminal: a wrapped line could not be redrawn. */
function cut(line: string, width: number): string {
  let left = width;
  return line.replace(PIECE, (piece) => (piece.startsWith(ESCAPE) || left-- > 0 ? piece : ''));
}

type Output = Pick<WriteStream, 'write'> & { isTTY?: boolean; columns?: number };

export function createScreen(output: Output, environment = process.env): Screen {
  const colours = paint(wantsColour(output, environment));
  const redraws = Boolean(output.isTTY) && environment.TERM !== 'dumb';
  let drawn = 0;
  let last = '';
  const erase = () => {
    if (drawn > 0) output.write(`\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  };
  const print = (line: string) => output.write(`${line}\n`);

  return {
    paint: colours,
    say(line) {
      erase();
      print(line);
    },
    show(moment) {
      if (!redraws) {
        const change = `${moment.state} ${Object.values(moment.shares)}`;
        if (change !== last) print(plainLine(moment));
        last = change;
        return;
      }
      erase();
      const lines = liveLines(moment, colours).map((line) => cut(line, (output.columns ?? 80) - 1));
      for (const line of lines) print(line);
      drawn = lines.length;
    },
    settle: erase,
  };
}
