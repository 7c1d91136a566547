import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReleaseFile } from '../../src/domain/migrations/types';
import { fresh } from '../frame/scratch';

export const SQUAWK = join(
  __dirname,
  `../../test/tools/node_modules/@squawk-cli/${process.platform}-${process.arch}/bin/squawk`,
);
/** Rules about style and about settings of the session, which say nothing about the statement. */
const STYLE = [
  'prefer-robust-stmts',
  'require-timeout-settings',
  'prefer-text-field',
  'prefer-bigint-over-int',
  'prefer-bigint-over-smallint',
  'prefer-identity',
  'prefer-timestamp-tz',
  'ban-char-field',
];
export const WITHOUT_STYLE = [`--exclude=${STYLE.join(',')}`];

/** squawk ends with 1 when it has found something. */
const squawk = (args: readonly string[]): string =>
  spawnSync(SQUAWK, args, { encoding: 'utf8', maxBuffer: 100_000_000 }).stdout;

/** The peer's name and version, for any of the rows. */
export const installed = {
  name: 'squawk',
  version: () => (existsSync(SQUAWK) ? squawk(['--version']).trim().replace(/^\S+ /, '') : undefined),
};

/** Writes files for it; their paths. */
export function written(release: readonly ReleaseFile[]): string[] {
  const folder = fresh('squawk');
  return release.map(({ up }, index) => {
    const path = join(folder, `${index}.sql`);
    writeFileSync(path, up!);
    return path;
  });
}

/** Seconds that it takes for some files. */
export function secondsFor(paths: readonly string[]): number {
  const began = performance.now();
  squawk(['--reporter', 'json', ...paths]);
  return (performance.now() - began) / 1_000;
}

/** The lines of its findings on one file, which it counts from 0. */
export function foundIn(file: ReleaseFile, options: readonly string[]): number[] {
  const transaction = file.transactional ? ['--assume-in-transaction'] : [];
  const text = squawk(['--reporter', 'json', ...transaction, ...options, ...written([file])]);
  return (JSON.parse(text || '[]') as { line: number }[]).map(({ line }) => line);
}
