import { startCloud } from './cloud';
import { timeToEnd } from './lifetime';
import { type Options, readOptions, USAGE, UsageError } from './options';
import { summaryOf, summaryText } from './summary';

const progress = (line: string) => process.stderr.write(`${line}\n`);

async function run(options: Options): Promise<void> {
  const end = timeToEnd(options);
  const starting = startCloud({ ...options, log: progress });
  const first = await Promise.race([starting, end]);
  // what was begun so far ends with this process: the reaper sees to it
  if (typeof first === 'string') process.exit(0);
  const summary = await summaryOf(first);
  process.stdout.write(`${options.json ? JSON.stringify(summary) : summaryText(summary)}\n`);
  progress(`ending: ${await end}`);
  await first.close();
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
