import { parseArgs } from 'node:util';

export const USAGE = `usage: npm start -- [options]

Deploys four versions of a shop to a cloud on this machine, under load, and tells what happens.

  --once         end after the fourth deployment; the exit code is 0 when everything went as it should
  --json         with --once: print one JSON document on stdout, progress on stderr
  --rate N       requests per second of the users (default 1200)
  --fault FAULT  a fault of the local cloud, see docs/local-cloud.md; may be given more than once
  --help         print this`;

export interface Options {
  once: boolean;
  json: boolean;
  /** Requests per second. */
  rate: number;
  faults: string[];
}

const DEFAULT_RATE = 1200;

/** Reads the command line, or says what is wrong with it. */
export function readOptions(args: readonly string[]): Options | 'help' | { problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        rate: { type: 'string', default: String(DEFAULT_RATE) },
        fault: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    const rate = Number(values.rate);
    if (!(rate >= 1 && rate <= 20_000))
      return { problem: `--rate is requests per second from 1 to 20000, received "${values.rate}"` };
    if (values.json && !values.once) return { problem: '--json needs an end; add --once' };
    return { once: values.once, json: values.json, rate, faults: values.fault };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
