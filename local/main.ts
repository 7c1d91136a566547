import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startCloud } from './cloud';
import { timeToEnd } from './lifetime';
import { type Options, readOptions, USAGE, UsageError } from './options';
import { awsOf, type Summary, summaryOf, summaryText } from './summary';

const progress = (line: string) => process.stderr.write(`${line}\n`);

/** What has to be done to the new cloud before anybody uses it; its output is progress. */
async function runAfterwards(command: string, summary: string): Promise<void> {
  const child = spawn(command, {
    shell: true,
    env: { ...process.env, LOCAL_CLOUD: summary },
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command} ended with exit code ${code}; see its messages above`);
}

interface Beside {
  /** Its first line. */
  said: string;
  stop(): Promise<void>;
}

/** What runs as long as the cloud: begun when it has written its first line, which is progress as all that it writes. */
async function runBeside(command: string, summary: Summary): Promise<Beside> {
  const child = spawn(command, {
    shell: true,
    // a profile would be asked before these
    env: {
      ...process.env,
      ...{ AWS_PROFILE: undefined, ...awsOf(summary), LOCAL_CLOUD: JSON.stringify(summary) },
    },
    stdio: ['pipe', 'pipe', process.stderr],
  });
  const exit = once(child, 'exit');
  // it may be gone when its input is closed
  child.stdin.on('error', () => {});
  child.stdout.pipe(process.stderr, { end: false });
  const said = once(child.stdout, 'data').then(([data]) => String(data).split('\n')[0] ?? '');
  const code = await Promise.race([said.then(() => undefined), exit.then(([code]) => code)]);
  if (code !== undefined)
    throw new Error(`${command} ended with exit code ${code} before it wrote a line; see its messages above`);
  return {
    said: await said,
    async stop() {
      child.stdin.end();
      await exit;
    },
  };
}

async function run(options: Options): Promise<void> {
  const end = timeToEnd(options);
  const starting = startCloud({ ...options, startAhead: true, log: progress });
  const first = await Promise.race([starting, end]);
  // what was begun so far ends with this process: the reaper sees to it
  if (typeof first === 'string') process.exit(0);
  const beside: Beside[] = [];
  try {
    const summary = await summaryOf(first);
    if (options.afterwards) await runAfterwards(options.afterwards, JSON.stringify(summary));
    for (const command of options.beside) beside.push(await runBeside(command, summary));
    const told = beside.map(({ said }) => said);
    process.stdout.write(`${options.json ? JSON.stringify(summary) : summaryText(summary, told)}\n`);
    progress(`ending: ${await end}`);
  } finally {
    await Promise.all(beside.map((one) => one.stop()));
    await first.close();
  }
}

async function main(): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  try {
    const options = readOptions(process.argv.slice(2));
    if (options === 'help') process.stdout.write(`${USAGE}\n`);
    else await run(options);
    process.exit(0);
  } catch (error) {
    progress(`error: ${(error as Error).message}`);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

main();
