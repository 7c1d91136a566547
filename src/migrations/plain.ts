import type { Migration } from '../domain/migrations/types';
import { rowsOf } from './history-table';
import { folderOf, nameOf, onlyFolder, type Project } from './project';
import { refusesTransaction, statementsOf } from './statements';
import { type ToolRecords, toolOf } from './tool';

const TABLE = 'plain_migrations';
const CREATE = `CREATE TABLE IF NOT EXISTS ${TABLE} (id text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`;
const PSQL = ['psql', '-X', '-v', 'ON_ERROR_STOP=1'];

const isUp = (file: string) => file.endsWith('.sql') && !file.endsWith('.down.sql');
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Arguments of psql that run a file and keep the record of it together. */
function run(file: string, record: string, transactional: boolean): string[] {
  const both = ['-f', file, '-c', record];
  return transactional ? ['-c', 'BEGIN', ...both, '-c', 'COMMIT'] : both;
}

/** Whether psql can run it in one transaction. */
export const isTransactional = (sql: string) => !statementsOf(sql).some(refusesTransaction);

const ups = (project: Project) => project.files.filter(isUp);

/** A folder of SQL files, applied in the order of their names by psql, which records each one. */
export const plainRecords: ToolRecords = {
  name: 'plain',
  tables: [TABLE],
  late: 'applied',
  async history(session) {
    return {
      applied: await rowsOf<{ id: string; checksum: string }>(
        session,
        TABLE,
        'SELECT id, checksum FROM TABLE ORDER BY applied_at, id',
      ),
    };
  },
  remedy(problem) {
    if (problem.kind === 'edited') return `restore ${problem.file} and put the change into a new file`;
    if (problem.kind === 'half-applied')
      return `undo by hand what ${problem.id} left, or complete it and insert its id and checksum into ${TABLE}`;
    return `put the file of ${'id' in problem ? problem.id : ''} back into the release, or delete its row from ${TABLE}`;
  },
};

export const plain = /* @__PURE__ */ toolOf(plainRecords, {
  detect(project) {
    const files = ups(project);
    return new Set(files.map(folderOf)).size === 1 ? files[0] : undefined;
  },
  list(project) {
    const files = ups(project);
    onlyFolder(files, 'SQL files');
    return files.map((file) => {
      const up = project.read(file);
      const down = file.replace(/\.sql$/, '.down.sql');
      return {
        id: nameOf(file).replace(/\.sql$/, ''),
        file,
        up,
        down: project.has(down) ? project.read(down) : null,
        checksum: project.digest(file),
        transactional: isTransactional(up),
        firstLine: 1,
      };
    });
  },
  apply(pending: readonly Migration[]) {
    const files = pending.flatMap(({ id, file, checksum, transactional }) =>
      run(
        file,
        `INSERT INTO ${TABLE} (id, checksum) VALUES (${literal(id)}, ${literal(checksum)})`,
        transactional,
      ),
    );
    return [...PSQL, '-c', CREATE, ...files];
  },
  revert(newestFirst) {
    const without = newestFirst.find(({ down }) => down === null);
    if (without) return { cannot: `${without.file} has no .down.sql beside it` };
    const files = newestFirst.flatMap(({ id, file, down }) =>
      run(
        file.replace(/\.sql$/, '.down.sql'),
        `DELETE FROM ${TABLE} WHERE id = ${literal(id)}`,
        isTransactional(down!),
      ),
    );
    return { commands: [[...PSQL, ...files]] };
  },
});
