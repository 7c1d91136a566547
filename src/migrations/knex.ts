import { codeFiles, migrationOfCode } from './code';
import { configured } from './configuration';
import { rowsOf } from './history-table';
import { filesIn, nameOf, onlyFolder, type Project } from './project';
import { type ToolRecords, toolOf } from './tool';

const isKnexfile = (file: string) => /^knexfile\.[cm]?[jt]s$/.test(nameOf(file));
const NAME = /\.([cm]?js|ts|sql|coffee|iced|litcoffee|ls|co|lsc|eg)$/;
const exportsBoth = (project: Project, file: string) =>
  /\bup\b/.test(project.read(file)) && /\bdown\b/.test(project.read(file));

function migrationFiles(project: Project): string[] {
  const named = project.files.filter(
    (file) =>
      /(^|\/)migrations\/[^/]+\.([cm]?js|ts)$/.test(file) &&
      !file.endsWith('.d.ts') &&
      exportsBoth(project, file),
  );
  const folder = onlyFolder(named, 'migrations of knex');
  return filesIn(project, folder).filter((file) => NAME.test(file) && !file.endsWith('.d.ts'));
}

/**
 * Source: knex 3. All pending migrations run in one transaction unless one of them opts out; then each has its own, and the
 * lock is a committed row that outlives a killed run.
 */
export const knexRecords: ToolRecords = {
  name: 'knex',
  tables: [
    'knex_migrations',
    'knex_migrations_id_seq',
    'knex_migrations_lock',
    'knex_migrations_lock_index_seq',
  ],
  late: 'applied',
  async history(session, table = 'knex_migrations') {
    const applied = await rowsOf<{ id: string }>(
      session,
      table,
      'SELECT m.name AS id FROM TABLE m ORDER BY m.id',
    );
    const locks = await rowsOf<{ is_locked: number }>(
      session,
      `${table}_lock`,
      'SELECT is_locked FROM TABLE WHERE is_locked = 1',
    );
    return { applied, ...(locks.length > 0 && { locked: 'the row of knex_migrations_lock' }) };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'locked':
        return 'make sure that no migration runs, then run knex migrate:unlock';
      case 'half-applied':
        return `undo by hand what ${problem.id} left, or complete it and insert its name into knex_migrations`;
      case 'edited':
        return `restore ${problem.file} and put the change into a new migration; knex itself does not notice`;
      default:
        return `put the file ${'id' in problem ? problem.id : ''} back into the release; knex refuses a directory that lacks it`;
    }
  },
};

export const knex = /* @__PURE__ */ toolOf(knexRecords, {
  detect: (project) => project.files.find(isKnexfile) ?? codeFiles(project, /\bknex\b/)[0],
  list: (project) =>
    migrationFiles(project).map((file) => ({
      id: nameOf(file),
      transactional: !/\btransaction\s*:\s*false\b/.test(project.read(file)),
      ...migrationOfCode(
        project,
        file,
        'the migration is code, and knex cannot print its SQL without running it',
      ),
    })),
  historyTable: (project) => configured(project, 'tableName', isKnexfile),
  apply: () => ['knex', 'migrate:latest'],
  revert: (newestFirst) => ({ commands: newestFirst.map(({ id }) => ['knex', 'migrate:down', id]) }),
});
