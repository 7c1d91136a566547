import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const examples = join(__dirname, '../../examples');
export const images = JSON.parse(readFileSync(join(examples, 'images.json'), 'utf8')).shop as Record<
  string,
  { folder: string; command: string[]; environment: Record<string, string> }
>;

type Environment = Record<string, string>;

function start(version: string, command: string[], environment: Environment): ChildProcess {
  const image = images[version]!;
  return spawn(process.execPath, command.slice(1), {
    cwd: join(examples, image.folder),
    env: { PATH: process.env.PATH, ...image.environment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs `node migrate.mjs <args>` as the image of a version does. */
export function migrate(version: string, args: string[], environment: Environment) {
  const child = start(version, ['node', 'migrate.mjs', ...args], environment);
  let output = '';
  child.stdout?.on('data', (data) => (output += data));
  child.stderr?.on('data', (data) => (output += data));
  return new Promise<{ code: number | null; output: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, output })),
  );
}

export interface RunningShop {
  url: string;
  log: string[];
  /** Sends SIGTERM and resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the image of a version and waits until it listens. */
export function startShop(version: string, environment: Environment): Promise<RunningShop> {
  const child = start(version, images[version]!.command, { ...environment, PORT: '0', HOST: '127.0.0.1' });
  const log: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (data) => log.push(String(data)));
    child.on('close', (code) => reject(new Error(`the shop ended with ${code}: ${log.join('\n')}`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      log.push(line);
      const { event, port } = JSON.parse(line);
      if (event === 'listening') resolve({ url: `http://127.0.0.1:${port}`, log, stop });
    });
  });
}
