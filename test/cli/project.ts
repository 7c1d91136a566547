import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../src/cli';

/** A folder with the given files, removed after the test. */
export function projectWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'greenlight-cli-test-'));
  folders.push(root);
  write(root, files);
  return root;
}

export function write(root: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Runs a command line in this process: exit code, and what it printed. */
export async function run(...args: string[]) {
  const out: string[] = [];
  const problems: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line) => void out.push(line));
  const error = jest.spyOn(console, 'error').mockImplementation((line) => void problems.push(line));
  try {
    const code = await main(args);
    return { code, out: out.join('\n'), problems: problems.join('\n') };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

/** Runs the installed command as a process of its own, in a folder. */
export function runProcess(folder: string, ...args: string[]) {
  const command = join(__dirname, '../../bin/greenlight.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, problems: stderr };
}

/** dbmate's form. */
export const migration = (up: string, down = '') => `-- migrate:up\n${up}\n\n-- migrate:down\n${down}\n`;
