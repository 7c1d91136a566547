import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Extensions for which PostgreSQL wants a superuser and which RDS lets its master user create.
 * Source: Amazon RDS User Guide, "Supported PostgreSQL extension versions", and what `SHOW rds.extensions` names there.
 */
const BY_MASTER = [
  ...['amcheck', 'autoinc', 'bloom', 'dblink', 'dict_xsyn', 'earthdistance', 'insert_username', 'intagg'],
  ...['moddatetime', 'pg_buffercache', 'pg_freespacemap', 'pg_prewarm', 'pg_stat_statements'],
  ...['pg_visibility', 'pg_walinspect', 'pgrowlocks', 'pgstattuple', 'postgres_fdw', 'refint', 'sslinfo'],
];

/** A folder of the data directory, before PostgreSQL's own in `extension_control_path`. */
export const EXTENSIONS_FOLDER = 'extensions';

/**
 * Control files that are PostgreSQL's own but for the trust in whoever may create in the database. Source: PostgreSQL
 * documentation, "Packaging Related Objects into an Extension", `trusted` and `directory`.
 * @param bin directory with the server's programs
 */
export async function trustMaster(bin: string, dataDirectory: string): Promise<void> {
  const own = join(dirname(bin), 'share', 'postgresql', 'extension');
  const folder = join(dataDirectory, EXTENSIONS_FOLDER, 'extension');
  await mkdir(folder, { recursive: true });
  await Promise.all(
    BY_MASTER.map(async (name) => {
      const text = await readFile(join(own, `${name}.control`), 'utf8');
      await writeFile(
        join(folder, `${name}.control`),
        `${text}\ntrusted = true\ndirectory = '${own.replaceAll("'", "''")}'\n`,
      );
    }),
  );
}
