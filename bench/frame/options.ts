import { parseArgs } from 'node:util';
import { wholeNumber } from '../../test/whole-number';
import { EARLIER, type EarlierOptions } from './earlier';
import type { Bench } from './row';

export interface Options {
  names: string[];
  /** Those that are left out because nobody named them. */
  leftOut: string[];
  runs?: number;
  json?: string;
  write: boolean;
  earlier: EarlierOptions;
}

export const usage = (
  benches: Readonly<Record<string, Bench>>,
) => `usage: npm run bench -- [NAME ...] [options]

Measures the speeds that docs/performance.md promises, today's build in turns with an earlier one or a peer.
Exit code 0 when everything that is wanted is met, 1 otherwise.

  --runs N          samples of each side (each bench has its own number)
  --earlier REV     the commit of the earlier build (${EARLIER})
  --earlier-at DIR  an earlier build that is installed already; it is copied, not changed
  --json FILE       write the figures into a file as well
  --write           write them into docs/performance.md
  --help            print this

names
${Object.entries(benches)
  .map(([name, { about, onlyNamed }]) => {
    const when = onlyNamed ? ` (only when named: ${onlyNamed})` : '';
    return `  ${name.padEnd(12)}${about}${when}`;
  })
  .join('\n')}`;

const OPTIONS = {
  runs: { type: 'string' },
  earlier: { type: 'string', default: EARLIER },
  'earlier-at': { type: 'string' },
  json: { type: 'string' },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the command line; throws with what is wrong with it. */
export function readOptions(
  args: readonly string[],
  benches: Readonly<Record<string, Bench>>,
): Options | 'help' {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help) return 'help';
  const all = Object.keys(benches);
  const unknown = positionals.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new Error(`there is no bench ${unknown.join(', ')}; there is ${all.join(', ')}`);
  const leftOut = positionals.length > 0 ? [] : all.filter((name) => benches[name]?.onlyNamed);
  return {
    names: positionals.length > 0 ? positionals : all.filter((name) => !leftOut.includes(name)),
    leftOut,
    runs: values.runs === undefined ? undefined : wholeNumber('runs', values.runs),
    json: values.json,
    write: values.write,
    earlier: { revision: values.earlier, at: values['earlier-at'] },
  };
}
