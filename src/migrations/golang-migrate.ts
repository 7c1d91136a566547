import { crc32 } from 'node:zlib';
import { setting } from './configuration';
import { advisoryLockHolder, findTable } from './history-table';
import { filesIn, nameOf, onlyFolder, type Project } from './project';
import { implicitlyTransactional } from './statements';
import { type Session, type ToolRecords, toolOf } from './tool';

const NAME = /^(\d+)_(.*)\.(up|down)\.sql$/;
const LOCK_SALT = 1486364155n;

const versionOf = (file: string) => String(BigInt(NAME.exec(nameOf(file))![1]!));
const ups = ({ files }: Project) => files.filter((file) => NAME.exec(nameOf(file))?.[3] === 'up');

/** The key of the tool's advisory lock; the order of the three names changed between its versions. */
async function lockKeys(session: Session, table: string): Promise<bigint[]> {
  const { rows } = await session.query<{ database: string; schema: string | null }>(
    'SELECT current_database() AS database, current_schema() AS schema',
  );
  const { database, schema } = rows[0]!;
  const key = (names: (string | null)[]) => BigInt.asUintN(32, BigInt(crc32(names.join('\0'))) * LOCK_SALT);
  return [key([schema, table, database]), key([database, schema, table])];
}

/** Source: golang-migrate 4, database/postgres: one row, the newest version, and whether it is being applied. */
export const golangMigrateRecords: ToolRecords = {
  name: 'golang-migrate',
  tables: ['schema_migrations'],
  late: 'skipped',
  async history(session, name = 'schema_migrations') {
    const locked = await advisoryLockHolder(session, await lockKeys(session, name));
    const table = await findTable(session, name);
    if (!table) return { applied: [], locked };
    const { rows } = await session.query<{ id: string; dirty: boolean }>(
      `SELECT version::text AS id, dirty FROM ${table}`,
    );
    const [row] = rows;
    if (!row) return { applied: [], locked };
    return { applied: [{ id: row.id, ...(row.dirty && { unfinished: true }) }], upTo: [row.id], locked };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'locked':
        return `wait until ${problem.by} ends; golang-migrate would wait for it without end`;
      case 'unfinished':
        return (
          `look at what version ${problem.id} left; run migrate force ${problem.id} if all of it stands, ` +
          'else undo it and force the number before it'
        );
      case 'half-applied':
        return `run migrate force ${problem.id} if all of it stands, else undo what it left`;
      case 'edited':
        return `restore ${problem.file} and put the change into a new version; golang-migrate itself does not notice`;
      case 'late':
        return `give ${problem.file} a version above ${problem.newest}; golang-migrate passes it over in silence`;
      default:
        return `put the files of version ${problem.id} back into the release; golang-migrate refuses to go on without them`;
    }
  },
};

export const golangMigrate = /* @__PURE__ */ toolOf(golangMigrateRecords, {
  detect: (project) => ups(project)[0],
  list(project) {
    const folder = onlyFolder(ups(project), 'migrations of golang-migrate');
    const downs = new Map<string, string>();
    for (const file of filesIn(project, folder).filter((file) => NAME.exec(nameOf(file))?.[3] === 'down'))
      if (!downs.has(versionOf(file))) downs.set(versionOf(file), file);
    return ups(project)
      .map((file) => {
        const id = versionOf(file);
        const up = project.read(file);
        const down = downs.get(id);
        return {
          id,
          file,
          up,
          down: down === undefined ? null : project.read(down),
          checksum: project.digest(file),
          transactional: implicitlyTransactional(up),
          firstLine: 1,
        };
      })
      .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  },
  historyTable: (project) =>
    setting(project, /\bx-migrations-table=([\w.]+)/, 'Makefile', '.env', '.yml', '.yaml', '.sh'),
  apply: () => ['migrate', 'up'],
  revert(newestFirst) {
    const without = newestFirst.find(({ down }) => down === null);
    if (without) return { cannot: `${without.file} has no .down.sql beside it` };
    return { commands: [['migrate', 'down', String(newestFirst.length)]] };
  },
});
