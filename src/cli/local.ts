import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { synthesise } from './assembly';
import { isCheckout, localProgram, ROOT } from './local-program';
import { whenStarterIsGone } from './starter';
import { UsageError } from './usage-error';

/** The example's first version is in place and its pipeline has run, so that a deployment can be started at once. */
const PREPARE = 'node bin/run.js examples/story/prepare.ts';
/** Without users there is nothing to judge a release by. */
const USERS = 'node bin/run.js examples/story/users.ts';

/** Of what users send the canary's tenth has to be enough for a verdict in the seconds for which the example bakes. */
const LOAD = 200;
/** Which folder stands for which container image. */
const IMAGES = join(ROOT, 'examples', 'images.json');
/** What a laptop stands beside everything else. */
const MOST_LOAD = 1000;

interface LocalOptions {
  speed?: string;
  load?: string;
  fault?: string[];
  port?: string;
  propagationMs?: string;
  metrics?: string;
  consistency?: string;
  throttle?: string;
  images?: string;
  json?: true;
}

/** How many requests users send per second; what is no speed is refused by the local cloud. */
function loadOf({ load, speed = '1' }: LocalOptions): number {
  const faster = Math.max(1, Number(speed) || 1);
  if (load === undefined) return Math.round(Math.min(LOAD * faster, MOST_LOAD));
  const rate = Number(load);
  if (load.trim() !== '' && Number.isInteger(rate) && rate >= 0) return rate;
  throw new UsageError(
    `--load needs a whole number of requests per second, 0 for none, got ${JSON.stringify(load)}`,
  );
}

/** The same flags for the program that is the local cloud, which checks their values. */
function flags({ propagationMs, images, json, load: _, ...values }: LocalOptions): string[] {
  const valued = Object.entries({ ...values, images, 'propagation-ms': propagationMs }).flatMap(
    ([flag, value]) => [value ?? []].flat().flatMap((one) => [`--${flag}`, one]),
  );
  return json ? [...valued, '--json'] : valued;
}

/** The workflows of a cloud assembly, by the parameters that their constructs write. */
function workflowsIn(assembly: string): string[] {
  const templates = readdirSync(assembly).filter((name) => name.endsWith('.template.json'));
  return templates.flatMap((name) => {
    const { Resources = {} } = JSON.parse(readFileSync(join(assembly, name), 'utf8')) as {
      Resources?: Record<string, { Properties?: { Name?: unknown } }>;
    };
    return Object.values(Resources).flatMap(
      ({ Properties }) => /^\/greenlight\/([^/]+)$/.exec(String(Properties?.Name))?.[1] ?? [],
    );
  });
}

/** The page of each workflow, which the cloud ends when it ends itself. */
const pages = (assembly: string): string[] =>
  workflowsIn(assembly).flatMap((workflow) => [
    '--beside',
    `"${process.execPath}" "${process.argv[1]}" watch --web --until-stdin-closes --workflow ${workflow}`,
  ]);

/** Runs the local cloud as a program of its own; it ends with this one, however this one ends. */
function runCloud(program: readonly string[], cwd: string): Promise<number> {
  const child = spawn(process.execPath, [...program, '--until-stdin-closes'], {
    cwd,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  // in a terminal Ctrl-C reaches both: this one must wait for the other to clean up
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  whenStarterIsGone(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** The example, in a checkout. */
function example(options: LocalOptions): Promise<number> {
  const rate = loadOf(options);
  synthesise(ROOT);
  const program = localProgram('main', ROOT);
  const users = rate > 0 ? ['--beside', `${USERS} ${rate}`] : [];
  const asked = flags({ ...options, images: options.images ?? IMAGES });
  const assembly = join(ROOT, 'cdk.out');
  const beside = [...users, ...pages(assembly)];
  return runCloud([...program, '--assembly', assembly, '--then', PREPARE, ...beside, ...asked], ROOT);
}

/** The app of whoever installed the command line: the local cloud is a package of its own. */
function ownApp(options: LocalOptions): Promise<number> {
  if (options.load !== undefined)
    throw new UsageError(
      '--load is for the example of a checkout; send requests to the listener that is printed',
    );
  if (options.images === undefined)
    throw new UsageError(
      '--images needs a JSON file that says which folder stands for which container image, such as {"shop": "image"}',
    );
  const here = process.cwd();
  const program = localProgram('main', here);
  const assembly = resolve('cdk.out');
  if (!existsSync(join(assembly, 'manifest.json')))
    throw new Error(`${assembly} holds no cloud assembly; npx cdk synth writes it`);
  return runCloud([...program, '--assembly', assembly, ...pages(assembly), ...flags(options)], here);
}

export async function local(options: LocalOptions): Promise<number> {
  return isCheckout() ? example(options) : ownApp(options);
}
