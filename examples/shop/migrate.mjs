import pg from 'pg';
import { connection } from './src/connection.mjs';
import { dbmate, withCaFile } from './src/dbmate.mjs';

const USAGE = `usage: node migrate.mjs up                applies what is pending, but no contract migration
       node migrate.mjs contract          applies what is pending, contract migrations as well
       node migrate.mjs revert <version>  rolls back until <version> is the newest applied ("0": none)`;
const UNDEFINED_TABLE = '42P01';
const folder = import.meta.dirname;

/** Versions that dbmate recorded as applied, newest first. */
async function applied() {
  const client = new pg.Client(connection());
  await client.connect();
  try {
    const { rows } = await client.query('select version from schema_migrations order by version desc');
    return rows.map((row) => row.version);
  } catch (error) {
    if (error.code === UNDEFINED_TABLE) return [];
    throw error;
  } finally {
    await client.end();
  }
}

/** `migrate`, not dbmate's `up`: that one would create a database for a mistyped DB_NAME. */
const up = (caFile) => dbmate(['migrate', '--strict'], { caFile, folder });

/** Not `--strict`: a contract migration that had to wait may be older than one that is applied. */
const contract = (caFile) => dbmate(['migrate'], { caFile, folder, withContract: true });

/** Rolls back one migration after the other, and stops at the first that fails with its exit code. */
async function revert(target, caFile) {
  const versions = await applied();
  if (target !== '0' && !versions.includes(target)) {
    console.error(
      `version ${target} is not applied, nothing was reverted; applied: ${versions.join(', ') || 'none'}`,
    );
    return 1;
  }
  for (const _newer of versions.filter((version) => target === '0' || version > target)) {
    const code = await dbmate(['rollback'], { caFile, folder, withContract: true });
    if (code !== 0) return code;
  }
  return 0;
}

function run([verb, version, ...rest]) {
  if (verb === 'up' && version === undefined) return withCaFile(process.env, up);
  if (verb === 'contract' && version === undefined) return withCaFile(process.env, contract);
  if (verb === 'revert' && /^\d+$/.test(version) && rest.length === 0)
    return withCaFile(process.env, (caFile) => revert(version, caFile));
  console.error(USAGE);
  return 2;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
