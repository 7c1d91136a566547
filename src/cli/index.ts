import { shown } from '../domain/text/printable';
import { print, remark } from './print';
import { UsageError, type Verb } from './verb';

/** A verb that is loaded when it is asked for: what most of them need takes longer to load than `check` takes to run. */
interface Listed {
  /** One line for `greenlight --help`. */
  summary: string;
  load(): Promise<Verb>;
}

const VERBS: Readonly<Record<string, Listed>> = {
  approve: {
    summary: 'say yes to what a deployment asks',
    load: async () => (await import('./answer.ts')).approve,
  },
  bundle: {
    summary: "write the manifest of a release's migrations",
    load: async () => (await import('./bundle.ts')).bundle,
  },
  check: {
    summary: 'say what migrations do to a running production',
    load: async () => (await import('./check.ts')).check,
  },
  config: {
    summary: 'say how each environment deploys, and what is wrong with its file',
    load: async () => (await import('./config.ts')).config,
  },
  local: {
    summary: 'start the example in a local cloud on this machine',
    load: async () => (await import('./local.ts')).local,
  },
  pause: {
    summary: 'keep a deployment at its share of the traffic',
    load: async () => (await import('./pause.ts')).pause,
  },
  plan: {
    summary: 'write the releases that make a breaking change without stopping anybody',
    load: async () => (await import('./plan.ts')).plan,
  },
  reject: {
    summary: 'say no to what a deployment asks',
    load: async () => (await import('./answer.ts')).reject,
  },
  report: {
    summary: 'tell what a deployment did, how long it took and how it ended',
    load: async () => (await import('./report.ts')).report,
  },
  resume: {
    summary: 'let a paused deployment go on',
    load: async () => (await import('./pause.ts')).resume,
  },
  rollback: {
    summary: 'bring the previous version back',
    load: async () => (await import('./rollback.ts')).rollback,
  },
  rules: {
    summary: 'list what check knows of statements, or explain one rule',
    load: async () => (await import('./rules.ts')).rules,
  },
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
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    print(usage());
    return name === undefined ? 2 : 0;
  }
  if (!Object.hasOwn(VERBS, name)) throw new UsageError(`unknown verb ${shown(name)}; ${HELP}`);
  const verb = await VERBS[name]!.load();
  return verb.run(rest);
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
