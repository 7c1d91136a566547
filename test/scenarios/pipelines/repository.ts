import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const MIGRATIONS = join(ROOT, 'examples', 'shop', 'db');

/** A repository of a team, with what stands on main and what is on a branch, in the checkout of a runner. */
export interface Repository {
  folder: string;
  git(...args: string[]): string;
  /** Puts migrations of the example into `db`. */
  migrations(...folders: string[]): void;
  write(file: string, text: string): void;
  commit(message: string): string;
  /** A branch with a migration that takes away what the live version reads; which file and line do. */
  breakingBranch(): { base: string; file: string; line: number };
  mainAgain(): void;
}

/** The live version reads what it takes away. */
const BREAKING = {
  file: 'db/20260301090000_drop_price.sql',
  lines: [
    '-- migrate:up',
    '',
    'alter table products add column price numeric;',
    '',
    '-- nobody needs it any more',
    'alter table products drop column price_cents;',
    '',
    '-- migrate:down',
    '',
  ],
};

/** The package as it is installed; `npm ci` of a pipeline links it, and asks no registry. */
function installed(place: string): string {
  const folder = join(place, 'greenlight');
  mkdirSync(folder);
  const bin = { greenlight: 'greenlight.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'greenlight', version: '0.1.0', bin }));
  const program = join(ROOT, 'bin', 'greenlight.js');
  writeFileSync(join(folder, bin.greenlight), `#!/usr/bin/env node\nrequire(${JSON.stringify(program)});\n`, {
    mode: 0o755,
  });
  return folder;
}

/** A clone of a repository whose main has the first version's migrations. */
export function repositoryIn(place: string): Repository {
  const greenlight = installed(place);
  const folder = join(place, 'checkout');
  const origin = join(place, 'origin.git');
  const run = (command: string, args: string[], cwd = folder) =>
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  run('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', origin], place);
  run('git', ['clone', '--quiet', origin, folder], place);
  const git = (...args: string[]) => run('git', args);
  git('config', 'user.name', 'ann');
  git('config', 'user.email', 'ann@example.org');
  git('checkout', '--quiet', '-B', 'main');
  const repository: Repository = {
    folder,
    git,
    migrations(...folders) {
      for (const name of folders)
        for (const file of readdirSync(join(MIGRATIONS, name)))
          cpSync(join(MIGRATIONS, name, file), join(folder, 'db', file));
    },
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    commit(message) {
      git('add', '--all');
      git('commit', '--quiet', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    breakingBranch() {
      const base = git('rev-parse', 'HEAD');
      git('checkout', '--quiet', '-B', 'cheaper');
      repository.write(BREAKING.file, BREAKING.lines.join('\n'));
      repository.commit('prices with fractions');
      return {
        base,
        file: BREAKING.file,
        line: BREAKING.lines.findIndex((text) => /drop column/.test(text)) + 1,
      };
    },
    mainAgain: () => void git('checkout', '--quiet', 'main'),
  };
  repository.write(
    'package.json',
    JSON.stringify({ name: 'shop', dependencies: { greenlight: `file:${greenlight}` } }),
  );
  repository.write('.gitignore', 'node_modules\nreport.md\n.aws-id-token\n');
  run('npm', ['install', '--package-lock-only', '--offline', '--silent']);
  repository.migrations('v1');
  repository.commit('the first version');
  git('push', '--quiet', 'origin', 'main');
  return repository;
}
