import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { main } from '../../src/cli';
import type { CommandLine } from './command-lines';

const COMMAND = join(__dirname, '..', '..', 'bin', 'greenlight.js');
/** Where no AWS answers: a line that goes on to ask is found out. */
const NOWHERE = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_MAX_ATTEMPTS: '1',
};

/** What a command line printed, and its exit code. */
export interface Ran {
  code: number | null;
  out: string;
  error: string;
}

/** `greenlight <args>` in this process. */
export async function inProcess(
  args: readonly string[],
  environment: Record<string, string> = NOWHERE,
): Promise<Ran> {
  const before = { log: console.log, error: console.error, env: { ...process.env } };
  const lines = { out: [] as string[], error: [] as string[] };
  Object.assign(process.env, environment);
  console.log = (line: string) => void lines.out.push(line);
  console.error = (line: string) => void lines.error.push(line);
  try {
    return { code: await main(args), out: lines.out.join('\n'), error: lines.error.join('\n') };
  } finally {
    Object.assign(console, { log: before.log, error: before.error });
    process.env = before.env;
  }
}

/** Linux starts no program with an argument of 128 KiB (execve(2), Limits on size of arguments); a character is three bytes at most. */
const LONGEST = 40_000;

/**
 * `greenlight <args>` as anybody runs it. No program can be given a NUL or half a character: other control characters stand
 * for them. Longer arguments than any program can be given are cut.
 */
export function asProcess(args: readonly string[]): Promise<Ran> {
  const given = args.map((arg) => arg.slice(0, LONGEST).replace(/[\0\p{Cs}]/gu, '\u0001'));
  const child = spawn(process.execPath, [COMMAND, ...given], { env: { ...process.env, ...NOWHERE } });
  const ran: Ran = { code: null, out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    ran.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    ran.error += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ran, code, error: ran.error.trimEnd() }));
  });
}

/** What is wrong with how a bad command line was refused; none when it got one clear line and exit code 2. */
export function commandProblems({ args, why }: CommandLine, { code, out, error }: Ran): string[] {
  const found = [
    ...(code === 2 ? [] : [`exit code ${code}`]),
    ...(out === '' ? [] : ['printed something']),
    ...(/^error: /.test(error) ? [] : ['no error']),
    ...(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(error) ? ['not one line of text'] : []),
    ...(/--help (lists|explains)|it is one of|exclude/.test(error) ? [] : ['says not what to do']),
    ...(error.length > 800 ? [`${error.length} characters`] : []),
    ...(/TypeError|RangeError|ECONNREFUSED|\bat \w+ \(/.test(error) ? ['a stumble'] : []),
  ];
  return found.length === 0
    ? []
    : [
        `${why}: ${found.join(', ')}: ${JSON.stringify(args).slice(0, 300)} ${JSON.stringify(error).slice(0, 300)}`,
      ];
}
