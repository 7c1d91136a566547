import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveBinary } from 'dbmate';
import { certificateAuthorities, connection } from './connection.mjs';

/** The URL of the database for lib/pq, which verifies the server against the certificates in `caFile`. */
export function databaseUrl(environment, caFile) {
  const { host, port, database, user, password } = connection(environment);
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const options = new URLSearchParams({ sslmode: 'verify-full', sslrootcert: caFile });
  return `postgres://${credentials}@${host}:${port}/${encodeURIComponent(database)}?${options}`;
}

/**
 * Calls `use` with a file of certificate authorities: the one of AWS_CA_BUNDLE, else a temporary one with
 * Amazon's, removed afterwards.
 */
export async function withCaFile(environment, use) {
  if (environment.AWS_CA_BUNDLE) return use(environment.AWS_CA_BUNDLE);
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-shop-'));
  try {
    const file = join(folder, 'rds.pem');
    writeFileSync(file, certificateAuthorities(environment));
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const SIGNAL_EXIT_CODE = { SIGINT: 130, SIGKILL: 137, SIGTERM: 143 };

/**
 * Runs `dbmate <command>` on the migrations of this image and resolves with its exit code. The URL travels in
 * the environment: arguments are visible to every process of the host. PGAPPNAME and PGOPTIONS pass through.
 * Contract migrations are left out unless they are asked for.
 */
export function dbmate(command, { environment = process.env, caFile, folder, withContract = false }) {
  const listed = (variable) => (environment[variable] ?? '').split(',').filter(Boolean);
  const directories = listed('MIGRATIONS');
  if (directories.length === 0)
    throw new Error('the environment variable MIGRATIONS is missing; the image sets it');
  if (withContract) directories.push(...listed('CONTRACT_MIGRATIONS'));
  const migrations = directories.flatMap((directory) => ['--migrations-dir', directory]);
  const child = spawn(resolveBinary(), ['--no-dump-schema', ...migrations, ...command], {
    cwd: folder,
    env: { ...environment, DATABASE_URL: databaseUrl(environment, caFile) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const forward = (signal) => child.kill(signal);
  process.on('SIGTERM', forward);
  process.on('SIGINT', forward);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', forward);
      process.off('SIGINT', forward);
      resolve(code ?? SIGNAL_EXIT_CODE[signal] ?? 1);
    });
  });
}
