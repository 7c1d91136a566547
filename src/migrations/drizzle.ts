import type { Migration } from '../domain/migrations/types';
import { configured } from './configuration';
import { rowsOf } from './history-table';
import { folderOf, inOrder, nameOf, onlyFolder, type Project } from './project';
import { type ToolRecords, toolOf } from './tool';

interface Journal {
  entries: { when: number; tag: string }[];
}

const isJournal = (file: string) => nameOf(file) === '_journal.json' && nameOf(folderOf(file)) === 'meta';

const isConfiguration = (file: string) => /^drizzle[^/]*\.config\.([cm]?[jt]s|json)$/.test(nameOf(file));

const OWN = /\bmigrations\s*:\s*\{([^}]*)\}/;

/** Since drizzle 1 a folder of its own, without a journal. */
const isAlone = (file: string) => /(?:^|\/)\d{14}_[^/]*\/migration\.sql$/.test(file);

/** Prisma has folders of the same form, without a snapshot in each. */
export const isDrizzles = ({ files }: Project) =>
  files.some((file) => isConfiguration(file) || nameOf(file) === 'snapshot.json');

const alone = (project: Project) => (isDrizzles(project) ? project.files.filter(isAlone) : []);

/** Known by their names, applied in the order of those whenever they come. Source: drizzle-orm 1.0, migrator. */
function folders(project: Project): Migration[] {
  const files = alone(project);
  onlyFolder(files.map(folderOf), 'migrations of drizzle');
  return files
    .map((file) => ({
      id: nameOf(folderOf(file)),
      file,
      up: project.read(file),
      down: null,
      checksum: project.digest(file),
      transactional: true,
      firstLine: 1,
    }))
    .sort((a, b) => inOrder(a.id, b.id));
}

/**
 * Source: drizzle-orm 0.45: every entry of the journal whose time is greater than the newest `created_at` is applied, in
 * one transaction; every other is passed over, and the command succeeds. Version 1 knows migrations by their names instead.
 */
export const drizzleRecords: ToolRecords = {
  name: 'drizzle',
  tables: ['__drizzle_migrations', '__drizzle_migrations_id_seq'],
  late: (migrations) => (migrations.some(({ file }) => isAlone(file)) ? 'applied' : 'skipped'),
  async history(session, table = '__drizzle_migrations') {
    const rows = await rowsOf<{ id: string; checksum: string }>(
      session,
      table,
      `SELECT coalesce(to_jsonb(m) ->> 'name', created_at::text) AS id, hash AS checksum FROM TABLE m ORDER BY m.id`,
    );
    return { applied: rows };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'half-applied':
        return `undo by hand what the entry with "when": ${problem.id} left, or complete it and insert its hash and time into __drizzle_migrations`;
      case 'edited':
        return `restore ${problem.file} and put the change into a new migration`;
      case 'late':
        return (
          `drizzle passes over ${problem.file} in silence; remove it and generate it again, ` +
          'so that its time in meta/_journal.json is the newest'
        );
      case 'missing':
        return `put the entry with "when": ${problem.id} and its file back into the journal of the release`;
      default:
        return 'drizzle locks nothing and records nothing unfinished; compare the schema with the files';
    }
  },
};

export const drizzle = /* @__PURE__ */ toolOf(drizzleRecords, {
  detect: (project) => project.files.find(isJournal) ?? alone(project)[0],
  list(project) {
    if (!project.files.some(isJournal)) return folders(project);
    const journal = `${onlyFolder(project.files.filter(isJournal), 'journals of drizzle')}/_journal.json`;
    const { entries } = JSON.parse(project.read(journal)) as Journal;
    return entries.map(({ when, tag }) => {
      const file = `${folderOf(folderOf(journal))}/${tag}.sql`.replace(/^\.\//, '');
      if (!project.has(file)) throw new Error(`${journal} names ${file}, which is not there; restore it`);
      return {
        id: String(when),
        file,
        up: project.read(file),
        down: null,
        checksum: project.digest(file),
        transactional: true,
        firstLine: 1,
      };
    });
  },
  indexOf(project, ids) {
    const journals = project.files.filter(isJournal);
    return Object.fromEntries(
      journals.map((file) => {
        const journal = JSON.parse(project.read(file)) as Journal;
        const entries = journal.entries.filter(({ when }) => ids.has(String(when)));
        return [file, JSON.stringify({ ...journal, entries })];
      }),
    );
  },
  historyTable(project) {
    const table = configured(project, 'table', isConfiguration, OWN);
    const schema = configured(project, 'schema', isConfiguration, OWN);
    return table === undefined ? undefined : `${schema ?? 'drizzle'}.${table}`;
  },
  apply: () => ['drizzle-kit', 'migrate'],
  revert: () => ({ cannot: 'drizzle has no revert; generate a new migration from the schema before' }),
});
