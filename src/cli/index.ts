import { shown } from '../domain/shown';
import { approve, reject } from './answer';
import { bundle } from './bundle';
import { check } from './check';
import { config } from './config';
import { local } from './local';
import { pause, resume } from './pause';
import { plan } from './plan';
import { print, remark } from './print';
import { report } from './report';
import { rollback } from './rollback';
import { UsageError, type Verb } from './verb';

const VERBS: Readonly<Record<string, Verb>> = {
  approve,
  bundle,
  check,
  config,
  local,
  pause,
  plan,
  reject,
  report,
  resume,
  rollback,
};

const HELP = 'greenlight --help lists the verbs';

const usage = () =>
  [
    'usage: greenlight <verb> [options]',
    '',
    ...Object.entries(VERBS).map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`),
    '',
    'greenlight <verb> --help explains a verb',
  ].join('\n');

async function run(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === '--help' || verb === 'help') {
    print(usage());
    return verb === undefined ? 2 : 0;
  }
  if (Object.hasOwn(VERBS, verb)) return VERBS[verb]!.run(rest);
  throw new UsageError(`unknown verb ${shown(verb)}; ${HELP}`);
}

/** Runs a command line and resolves with its exit code: 2 for one that cannot be understood, 1 for a failure. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(args);
  } catch (error) {
    remark(`error: ${(error as Error).message}`);
    return error instanceof UsageError ? 2 : 1;
  }
}
