import { rowsOf } from './history-table';
import { folderOf, nameOf, onlyFolder } from './project';
import type { MigrationTool } from './tool';

interface Journal {
  entries: { when: number; tag: string }[];
}

const isJournal = (file: string) => nameOf(file) === '_journal.json' && nameOf(folderOf(file)) === 'meta';

/**
 * Source: drizzle-orm 0.45: every entry of the journal whose time is greater than the newest `created_at` is applied, in
 * one transaction; every other is passed over, and the command succeeds.
 */
export const drizzle: MigrationTool = {
  name: 'drizzle',
  tables: ['__drizzle_migrations', '__drizzle_migrations_id_seq'],
  late: 'skipped',
  detect: ({ files }) => files.find(isJournal),
  list(project) {
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
  async history(session) {
    const rows = await rowsOf<{ id: string; checksum: string }>(
      session,
      '__drizzle_migrations',
      'SELECT created_at::text AS id, hash AS checksum FROM TABLE ORDER BY created_at',
    );
    return { applied: rows };
  },
  apply: () => ['drizzle-kit', 'migrate'],
  revert: () => ({ cannot: 'drizzle has no revert; generate a new migration from the schema before' }),
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
