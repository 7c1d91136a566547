// npm run clients [-- NAME]: what nobody here wrote, against a local cloud of its own; a client that this machine has not got
// is skipped by name.
import { startCloud } from '../../local/cloud';
import { clients } from './clients';

async function main([wanted = '']: string[]): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const chosen = clients.filter(({ name }) => name.includes(wanted));
  if (chosen.length === 0)
    throw new Error(`no client is called ${wanted}; there are ${clients.map(({ name }) => name).join(', ')}`);
  const cloud = await startCloud({});
  try {
    for (const { name, missing, run } of chosen) {
      const without = missing();
      if (without) {
        console.log(`skipped  ${name}: this machine has not got ${without}`);
        continue;
      }
      const failure = await run(cloud).then(
        () => undefined,
        (error: Error & { stderr?: string }) => `${error.message}\n${error.stderr ?? ''}`,
      );
      console.log(failure === undefined ? `passed   ${name}` : `FAILED   ${name}: ${failure}`);
      if (failure !== undefined) process.exitCode = 1;
    }
  } finally {
    await cloud.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
