import { setting } from './configuration';
import { rowsOf } from './history-table';
import { filesIn, inOrder, nameOf, onlyFolder, type Project } from './project';
import { type Section, sectionsOf } from './sections';
import { type ToolRecords, toolOf } from './tool';

const MARKER = /^\s*--\s*migrate:(up|down)\b/;
const NAME = /^(\d+)_.*\.sql$/;

const isUp = ({ marker }: Section) => /migrate:up/.test(marker);

const migrationFiles = (project: Project) =>
  project.files.filter(
    (file) => NAME.test(nameOf(file)) && /^\s*--\s*migrate:up\b/m.test(project.read(file)),
  );

/**
 * dbmate keeps one column of versions, no checksum and no lock; its order is that of the version strings.
 * Source: dbmate 2, pkg/driver/postgres.
 */
export const dbmateRecords: ToolRecords = {
  name: 'dbmate',
  tables: ['schema_migrations'],
  late: 'applied',
  async history(session, table = 'schema_migrations') {
    const rows = await rowsOf<{ id: string }>(session, table, 'SELECT version AS id FROM TABLE');
    return { applied: rows.sort((a, b) => inOrder(a.id, b.id)) };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'edited':
        return `restore ${problem.file} and put the change into a new migration; dbmate itself does not notice`;
      case 'half-applied':
        return `dbmate records nothing unfinished: undo by hand what ${problem.id} left, or complete it and run INSERT INTO schema_migrations (version) VALUES ('${problem.id}')`;
      case 'missing':
        return `put the file of ${problem.id} back into the release, or delete its row from schema_migrations if nothing of it is left`;
      default:
        return 'dbmate locks nothing and records nothing unfinished; compare the schema with the files';
    }
  },
};

export const dbmate = /* @__PURE__ */ toolOf(dbmateRecords, {
  detect: (project) => migrationFiles(project)[0],
  list(project) {
    const folder = onlyFolder(migrationFiles(project), 'migrations of dbmate');
    return filesIn(project, folder)
      .filter((file) => NAME.test(nameOf(file)))
      .map((file) => {
        const sections = sectionsOf(project.read(file), MARKER);
        const up = sections.find(isUp);
        if (!up) throw new Error(`${file} has no line "-- migrate:up"; dbmate would refuse it`);
        return {
          id: NAME.exec(nameOf(file))![1]!,
          file,
          up: up.text,
          down: sections.find((section) => !isUp(section))?.text ?? null,
          checksum: project.digest(file),
          transactional: !/\btransaction:false\b/.test(up.marker),
          firstLine: up.firstLine,
        };
      })
      .sort((a, b) => inOrder(a.id, b.id));
  },
  historyTable: (project) => setting(project, /^\s*DBMATE_MIGRATIONS_TABLE\s*=\s*["']?([\w.]+)/m),
  // without pg_dump in the image the dump of the schema would fail the run
  apply: () => ['dbmate', '--no-dump-schema', 'migrate'],
  revert(newestFirst) {
    const without = newestFirst.find(({ down }) => !down?.trim());
    if (without) return { cannot: `${without.file} has nothing below "-- migrate:down"` };
    return { commands: newestFirst.map(() => ['dbmate', '--no-dump-schema', 'rollback']) };
  },
});
