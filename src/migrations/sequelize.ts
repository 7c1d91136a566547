import { byName, codeFiles, migrationOfCode } from './code';
import { configured } from './configuration';
import { rowsOf } from './history-table';
import { nameOf, type Project } from './project';
import { type ToolRecords, toolOf } from './tool';

const CODE =
  'the migration is code, and Sequelize cannot print its SQL without running it; send it by queryInterface.sequelize.query() with the SQL as a literal';

const isConfiguration = (file: string) => nameOf(file) === '.sequelizerc';
const files = (project: Project) => codeFiles(project, /\bqueryInterface\b|\bSequelize\b/);

/**
 * Sequelize's command line and Umzug with its storage in the same table. Source: sequelize-cli 6, Umzug 2 and 3. Nothing runs
 * in a transaction unless a migration begins one, and nothing keeps two runs apart.
 */
export const sequelizeRecords: ToolRecords = {
  name: 'sequelize',
  tables: ['SequelizeMeta'],
  late: 'applied',
  async history(session, table = 'SequelizeMeta') {
    return {
      applied: await rowsOf<{ id: string }>(session, table, 'SELECT m.name AS id FROM TABLE m ORDER BY 1'),
    };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'edited':
        return `restore ${problem.file} and put the change into a new migration; Sequelize itself does not notice`;
      case 'half-applied':
        return `undo by hand what ${problem.id} left, or complete it and insert its name into "SequelizeMeta"`;
      case 'missing':
        return `put the file ${problem.id} back into the release, or delete its row from "SequelizeMeta" if nothing of it is left`;
      default:
        return 'Sequelize locks nothing and records nothing unfinished; compare the schema with the files';
    }
  },
};

export const sequelize = /* @__PURE__ */ toolOf(sequelizeRecords, {
  detect: (project) => project.files.find(isConfiguration) ?? files(project)[0],
  historyTable: (project) => configured(project, 'migrationStorageTableName'),
  list: (project) =>
    files(project)
      .sort(byName)
      .map((file) => ({ id: nameOf(file), transactional: false, ...migrationOfCode(project, file, CODE) })),
  apply: () => ['sequelize-cli', 'db:migrate'],
  revert: (newestFirst) => ({
    commands: newestFirst.map(({ id }) => ['sequelize-cli', 'db:migrate:undo', '--name', id]),
  }),
});
