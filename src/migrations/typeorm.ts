import { codeFiles, migrationOfCode } from './code';
import { configured } from './configuration';
import { rowsOf } from './history-table';
import { inOrder, type Project } from './project';
import { type ToolRecords, toolOf } from './tool';

const CLASS = /\bclass\s+(\w*?(\d{13}))\b/;
const NAMED = /^\s*(?:(?:public|readonly)\s+)*name\s*(?::\s*string\s*)?=\s*(['"`])(\w+)\1/m;
const CODE =
  'the migration is code, and TypeORM cannot print its SQL without running it; send it by queryRunner.query() with the SQL as a literal';

const isMigration = /\bMigrationInterface\b|\bqueryRunner\b|\btypeorm\b/;
const files = (project: Project) =>
  codeFiles(project, isMigration).filter((file) => CLASS.test(project.read(file)));

const modeOf = (project: Project) => configured(project, 'migrationsTransactionMode') ?? 'all';

/**
 * Source: TypeORM 1, MigrationExecutor. Its order is that of the thirteen digits at the end of a class's name. All pending
 * migrations run in one transaction, unless `migrationsTransactionMode` says `each` or `none`; nothing keeps two runs apart.
 */
export const typeormRecords: ToolRecords = {
  name: 'typeorm',
  tables: ['migrations', 'migrations_id_seq'],
  late: 'applied',
  async history(session, table = 'migrations') {
    return {
      applied: await rowsOf<{ id: string }>(session, table, 'SELECT m.name AS id FROM TABLE m ORDER BY m.id'),
    };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'edited':
        return `restore ${problem.file} and put the change into a new migration; TypeORM itself does not notice`;
      case 'half-applied':
        return `undo by hand what ${problem.id} left, or complete it and insert its timestamp and name into migrations`;
      case 'missing':
        return `put the class ${problem.id} back into the release, or delete its row from migrations if nothing of it is left`;
      default:
        return 'TypeORM locks nothing and records nothing unfinished; compare the schema with the files';
    }
  },
};

export const typeorm = /* @__PURE__ */ toolOf(typeormRecords, {
  detect: (project) => files(project)[0],
  historyTable: (project) => configured(project, 'migrationsTableName'),
  list(project) {
    const mode = modeOf(project);
    return files(project)
      .map((file) => {
        const text = project.read(file);
        const [, name, time] = CLASS.exec(text)!;
        const own = /^\s*(?:(?:public|readonly)\s+)*transaction\s*(?::\s*boolean\s*)?=\s*(true|false)/m.exec(
          text,
        )?.[1];
        const transactional = own === undefined ? mode !== 'none' : own === 'true';
        const id = NAMED.exec(text)?.[2] ?? name!;
        return { time: time!, migration: { id, transactional, ...migrationOfCode(project, file, CODE) } };
      })
      .sort((a, b) => inOrder(a.time, b.time))
      .map(({ migration }) => migration);
  },
  apply: () => ['typeorm', 'migration:run', '-d', 'data-source.js'],
  revert: (newestFirst) => ({
    commands: newestFirst.map(() => ['typeorm', 'migration:revert', '-d', 'data-source.js']),
  }),
});
