import { byName, codeFiles, migrationOfCode } from './code';
import { configured } from './configuration';
import { rowsOf } from './history-table';
import { nameOf, type Project } from './project';
import { type ToolRecords, toolOf } from './tool';

const CODE =
  'the migration is code, and MikroORM cannot print its SQL without running it; send it by this.addSql() with the SQL as a literal';

const isConfiguration = (file: string) => /^mikro-orm\.config\.[cm]?[jt]s$/.test(nameOf(file));
const OWN = /\bmigrations\s*:\s*\{([^}]*)\}/;
const files = (project: Project) =>
  codeFiles(project, /@mikro-orm\/migrations|\bextends Migration\b/).filter((file) =>
    /\.([jt]s|cjs)$/.test(file),
  );

/**
 * Source: MikroORM 6 and 7, Migrator and MigrationRunner. All pending migrations run in one transaction; with
 * `allOrNothing: false` each has its own. One that says that it is not transactional runs on another connection. Nothing keeps
 * two runs apart.
 */
export const mikroOrmRecords: ToolRecords = {
  name: 'mikro-orm',
  tables: ['mikro_orm_migrations', 'mikro_orm_migrations_id_seq'],
  late: 'applied',
  async history(session, table = 'mikro_orm_migrations') {
    const applied = await rowsOf<{ id: string }>(
      session,
      table,
      'SELECT m.name AS id FROM TABLE m ORDER BY m.id',
    );
    return { applied: applied.map(({ id }) => ({ id: id.replace(/\.[jt]s$/, '') })) };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'edited':
        return `restore ${problem.file} and put the change into a new migration; MikroORM itself does not notice`;
      case 'half-applied':
        return `undo by hand what ${problem.id} left, or complete it and insert its name into mikro_orm_migrations`;
      case 'missing':
        return `put the file of ${problem.id} back into the release, or delete its row from mikro_orm_migrations if nothing of it is left`;
      default:
        return 'MikroORM locks nothing and records nothing unfinished; compare the schema with the files';
    }
  },
};

export const mikroOrm = /* @__PURE__ */ toolOf(mikroOrmRecords, {
  detect: (project) => project.files.find(isConfiguration) ?? files(project)[0],
  historyTable: (project) => configured(project, 'tableName', isConfiguration, OWN),
  list(project) {
    const always = configured(project, 'transactional', isConfiguration, OWN) !== 'false';
    return files(project)
      .sort(byName)
      .map((file) => ({
        id: nameOf(file).replace(/\.[jt]s$/, ''),
        transactional:
          always && !/\bisTransactional\s*\([^)]*\)[^{]*\{\s*return\s+false\b/.test(project.read(file)),
        ...migrationOfCode(project, file, CODE),
      }));
  },
  apply: () => ['mikro-orm', 'migration:up'],
  revert: (newestFirst) => ({
    commands: newestFirst.map(({ id }) => ['mikro-orm', 'migration:down', '--only', id]),
  }),
});
