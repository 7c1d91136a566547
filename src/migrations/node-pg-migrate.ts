import { codeFiles, migrationOfCode } from './code';
import { configured, setting } from './configuration';
import { advisoryLockHolder, rowsOf } from './history-table';
import { filesIn, nameOf, onlyFolder, type Project } from './project';
import { type ToolRecords, toolOf } from './tool';

const LOCK = 7241865325823964n;
const NAME = /^(\d+)[_-].+\.(sql|[cm]?[jt]s)$/;
const MARKERS = { up: /^\s*--[\s-]*up\s+migration/im, down: /^\s*--[\s-]*down\s+migration/im };

const usesIt = (project: Project) =>
  project.files.find(
    (file) => nameOf(file) === 'package.json' && /"node-pg-migrate"\s*:/.test(project.read(file)),
  );

const marked = (project: Project) =>
  project.files.filter(
    (file) => /^\d+[_-].*\.sql$/.test(nameOf(file)) && MARKERS.up.test(project.read(file)),
  );

/** Seventeen digits are a UTC date, everything else a number. */
function prefixOf(name: string): number {
  const [digits] = /^\d+/.exec(name)!;
  const date = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(digits);
  if (!date) return Number(digits);
  const [, year, month, day, hour, minute, second, ms] = date.map(Number);
  return Date.UTC(year!, month! - 1, day, hour, minute, second, ms);
}

const compareNames = (a: string, b: string) =>
  prefixOf(a) - prefixOf(b) || a.localeCompare(b, 'en', { numeric: true, ignorePunctuation: true });

const CODE =
  'the migration is code; write it as SQL with "-- Up Migration", or run node-pg-migrate up --dry-run to see it';

/** The two halves of a SQL file; without a marker all of it is "up". The marker is a comment and stays. */
function halves(text: string) {
  const up = text.search(MARKERS.up);
  const down = text.search(MARKERS.down);
  const end = (start: number, other: number) => (other > start ? other : undefined);
  const start = Math.max(up, 0);
  return {
    up: text.slice(start, end(start, down)),
    down: down < 0 ? null : text.slice(down, end(down, up)),
    firstLine: text.slice(0, start).split('\n').length,
  };
}

function read(project: Project, file: string) {
  const text = project.read(file);
  const checksum = project.digest(file);
  if (file.endsWith('.sql')) return { file, checksum, ...halves(text), transactional: true };
  return { ...migrationOfCode(project, file, CODE), transactional: !/\.noTransaction\(/.test(text) };
}

/** Source: node-pg-migrate 9. All pending migrations run in one transaction unless one of them opts out. */
export const nodePgMigrateRecords: ToolRecords = {
  name: 'node-pg-migrate',
  tables: ['pgmigrations', 'pgmigrations_id_seq'],
  late: 'refused',
  async history(session, table = 'pgmigrations') {
    const rows = await rowsOf<{ id: string }>(
      session,
      table,
      'SELECT m.name AS id FROM TABLE m ORDER BY m.run_on, m.id',
    );
    return { applied: rows, locked: await advisoryLockHolder(session, [LOCK]) };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'locked':
        return `wait until ${problem.by} ends; node-pg-migrate fails at once while its lock is held`;
      case 'half-applied':
        return `undo by hand what ${problem.id} left, or complete it and run node-pg-migrate up 1 --fake`;
      case 'edited':
        return `restore ${problem.file} and put the change into a new migration; node-pg-migrate itself does not notice`;
      case 'late':
        return `give ${problem.file} a newer time in its name; node-pg-migrate refuses the order as it is`;
      default:
        return `put the file of ${problem.id} back into the release`;
    }
  },
};

export const nodePgMigrate = /* @__PURE__ */ toolOf(nodePgMigrateRecords, {
  detect: (project) => usesIt(project) ?? marked(project)[0] ?? codeFiles(project, /\bpgm\b/)[0],
  list(project) {
    const candidates = marked(project);
    const named = project.files.filter(
      (file) => /(^|\/)migrations\/[^/]+$/.test(file) && NAME.test(nameOf(file)),
    );
    const folder = onlyFolder(candidates.length > 0 ? candidates : named, 'migrations of node-pg-migrate');
    return filesIn(project, folder)
      .filter((file) => NAME.test(nameOf(file)))
      .sort((a, b) => compareNames(nameOf(a), nameOf(b)))
      .map((file) => ({
        id: nameOf(file).replace(/\.[^.]+$/, ''),
        ...read(project, file),
      }));
  },
  historyTable: (project) =>
    configured(project, '(?:migrationsTable|migrations-table)') ??
    setting(project, /node-pg-migrate[^"\n]*\s(?:-t|--migrations-table)[ =](\w+)/, 'package.json'),
  apply: () => ['node-pg-migrate', 'up'],
  revert(newestFirst) {
    const without = newestFirst.find(({ down, opaque }) => down === null && !opaque);
    if (without) return { cannot: `${without.file} has no "-- Down Migration"` };
    return { commands: [['node-pg-migrate', 'down', String(newestFirst.length)]] };
  },
});
