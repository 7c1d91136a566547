import { createHash } from 'node:crypto';
import { advisoryLockHolder, rowsOf } from './history-table';
import { inOrder, nameOf, onlyFolder, type Project } from './project';
import { type ToolRecords, toolOf } from './tool';

const LOCK = 4727445306447283n;
const FILE = /(?:^|\/)committed\/(\d+)(?:-[-\w]*)?\.sql$/;
const HEADER = /^--! ([A-Z]\w*)(?::(.*))?$/;

const isConfiguration = (file: string) => /^\.gmrc(\.[cm]?js)?$/.test(nameOf(file));
const files = (project: Project) =>
  project.files.filter((file) => FILE.test(file) && /^--! Previous:/m.test(project.read(file)));

/** What stands above the migration, and the migration. */
function parts(text: string) {
  const lines = text.split('\n');
  const found = lines.findIndex((line) => !HEADER.test(line));
  const end = found < 0 ? lines.length : found;
  const headers = new Map(
    lines.slice(0, end).map((line) => {
      const [, key, value = ''] = HEADER.exec(line)!;
      return [key!, value.trim()];
    }),
  );
  const body = lines.slice(end).join('\n');
  return { headers, body, firstLine: end + 1 };
}

/** Over the hash of the migration before and the text. Source: `calculateHash` in graphile-migrate. */
function hashOf(body: string, previous: string): string {
  const text = `${`${previous === '-' ? '' : previous}\n${body.trim()}`.trim()}\n`;
  return `sha1:${createHash('sha1').update(text).digest('hex')}`;
}

/**
 * Source: graphile-migrate 1.4. What follows the newest applied file by its number runs, each file in a transaction of its own;
 * a hash over each file and the one before it is kept and never looked at again.
 */
export const graphileMigrateRecords: ToolRecords = {
  name: 'graphile-migrate',
  tables: ['migrations', 'current'],
  late: 'skipped',
  async history(session) {
    const applied = await rowsOf<{ id: string; checksum: string }>(
      session,
      'graphile_migrate.migrations',
      'SELECT filename AS id, hash AS checksum FROM TABLE ORDER BY 1',
    );
    return { applied, locked: await advisoryLockHolder(session, [LOCK]) };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'locked':
        return `wait until ${problem.by} ends; graphile-migrate fails at once while its lock is held`;
      case 'half-applied':
        return `undo by hand what ${problem.id} left, or complete it and insert its hash, previous hash and file name into graphile_migrate.migrations`;
      case 'edited':
        return `restore ${problem.file} and commit the change as a new migration; graphile-migrate itself does not notice`;
      case 'late':
        return `give ${problem.file} a number above ${problem.newest} and link its hashes anew; graphile-migrate passes it over in silence`;
      default:
        return `put the file of ${'id' in problem ? problem.id : ''} back into the release`;
    }
  },
};

export const graphileMigrate = /* @__PURE__ */ toolOf(graphileMigrateRecords, {
  detect: (project) => project.files.find(isConfiguration) ?? files(project)[0],
  list(project) {
    const all = files(project);
    onlyFolder(all, 'committed migrations of graphile-migrate');
    return all
      .map((file) => {
        const { headers, body, firstLine } = parts(project.read(file));
        const allowed = headers.has('AllowInvalidHash');
        return {
          id: `${FILE.exec(file)![1]!}.sql`,
          file,
          up: body,
          down: null,
          checksum: allowed ? headers.get('Hash')! : hashOf(body, headers.get('Previous') ?? '-'),
          transactional: !/^--!\s*no-transaction\b/.test(body.trim()),
          firstLine,
        };
      })
      .sort((a, b) => inOrder(a.id, b.id));
  },
  apply: () => ['graphile-migrate', 'migrate'],
  revert: () => ({ cannot: 'graphile-migrate has no revert; commit a new migration that undoes it' }),
});
