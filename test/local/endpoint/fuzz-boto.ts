import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SchemaRef } from '@smithy/types';
import { canonical } from './canonical';
import { generate } from './generate';
import { randomFrom } from './random';
import { type Echo, served, startEcho } from './round-trip';

const ABSENT = 3;
const rounds = process.argv[2] ?? '3';

/** What the far end of the last call was, for boto.py to compare with. */
function inspect(echo: Echo, path: string | undefined): unknown {
  if (path === '/_exchange') {
    const { input, output } = echo.exchange;
    return { input: canonical(input ?? {}), output: canonical(output ?? {}) };
  }
  if (path !== '/_operations') return undefined;
  return Object.fromEntries(
    echo.descriptions.map((description) => [
      description.signingName,
      served(description).map(([, , name]) => name),
    ]),
  );
}

/** The exit code of boto.py; undefined when there is no python3. */
async function runBoto(url: string): Promise<number | undefined> {
  const child = spawn('python3', [join(__dirname, 'boto.py'), url, rounds], { stdio: 'inherit' });
  const [code] = await Promise.race([once(child, 'exit'), once(child, 'error').then(() => [undefined])]);
  return code;
}

async function main(): Promise<void> {
  let calls = 0;
  const echo: Echo = await startEcho({
    answer: ([, , , , , output]) => generate(output as SchemaRef, randomFrom(calls++)),
    extra(request, response) {
      const found = inspect(echo, request.url);
      if (found === undefined) return false;
      response.end(JSON.stringify(found));
      return true;
    },
  });
  const code = await runBoto(echo.endpoint.url);
  await echo.endpoint.close();
  if (code === undefined || code === ABSENT) console.log('boto3 is not installed: skipped');
  else process.exitCode = code;
}

void main();
