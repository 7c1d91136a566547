import { rowsOf } from './history-table';
import { folderOf, inOrder, nameOf, onlyFolder, type Project } from './project';
import { type ToolRecords, toolOf } from './tool';

const TABLE = '__diesel_schema_migrations';

const isUp = (file: string) => nameOf(file) === 'up.sql';
const ups = (project: Project) => project.files.filter(isUp);
const versionOf = (file: string) => nameOf(folderOf(file)).split('_')[0]!.replaceAll('-', '');

/**
 * Source: Diesel 2, diesel_migrations. A folder for each migration; its version is the name up to the first underscore,
 * without dashes. Each runs in a transaction of its own, unless its metadata.toml says otherwise; nothing is locked.
 */
export const dieselRecords: ToolRecords = {
  name: 'diesel',
  tables: [TABLE],
  late: 'applied',
  async history(session) {
    return {
      applied: await rowsOf<{ id: string }>(session, TABLE, 'SELECT version AS id FROM TABLE ORDER BY 1'),
    };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'edited':
        return `restore ${problem.file} and put the change into a new migration; Diesel itself does not notice`;
      case 'half-applied':
        return `undo by hand what ${problem.id} left, or complete it and insert its version into ${TABLE}`;
      case 'missing':
        return `put the folder of ${problem.id} back into the release, or delete its row from ${TABLE} if nothing of it is left`;
      default:
        return 'Diesel locks nothing and records nothing unfinished; compare the schema with the files';
    }
  },
};

export const diesel = /* @__PURE__ */ toolOf(dieselRecords, {
  detect: (project) => project.files.find((file) => nameOf(file) === 'diesel.toml') ?? ups(project)[0],
  list(project) {
    const files = ups(project);
    onlyFolder(files.map(folderOf), 'migrations of Diesel');
    return files
      .map((file) => {
        const beside = (name: string) => {
          const path = `${folderOf(file)}/${name}`;
          return project.has(path) ? project.read(path) : null;
        };
        return {
          id: versionOf(file),
          file,
          up: project.read(file),
          down: beside('down.sql'),
          checksum: project.digest(file),
          transactional: !/^\s*run_in_transaction\s*=\s*false/m.test(beside('metadata.toml') ?? ''),
          firstLine: 1,
        };
      })
      .sort((a, b) => inOrder(a.id, b.id));
  },
  apply: () => ['diesel', 'migration', 'run'],
  revert(newestFirst) {
    const without = newestFirst.find(({ down }) => !down?.trim());
    if (without) return { cannot: `${without.file} has no down.sql beside it` };
    return { commands: [['diesel', 'migration', 'revert', '-n', String(newestFirst.length)]] };
  },
});
