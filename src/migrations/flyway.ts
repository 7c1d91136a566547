import { crc32 } from 'node:zlib';
import type { Migration } from '../domain/migrations/types';
import { setting } from './configuration';
import { rowsOf } from './history-table';
import { inOrder, nameOf, type Project } from './project';
import { refusesTransaction, statementsOf } from './statements';
import { type Session, type ToolRecords, toolOf } from './tool';

const NAME = /^([VURB])([\d._]*)__(.+)\.(sql|java|kt|groovy|scala)$/;
/** Scripts that run at a point of every run and are recorded nowhere. Source: Flyway, "Callback concept". */
const CALLBACK =
  /^(?:before|after)(?:Each)?(?:Migrate|Validate|Versioned|Repeatables|Baseline|Clean|Connect|Info|Repair|Undo)\w*?(?:__.*)?\.sql$/;
/**
 * Flyway's keys are the word "Flyway" in six bytes plus Java's 32-bit hash of the history table's quoted name.
 * Source: `PostgreSQLAdvisoryLockTemplate` in https://github.com/flyway/flyway
 */
const LOCK_BASE = 0x466c79776179n;
const HASH_RANGE = 2n ** 31n;

/** "1_1" and "1.1.0" are the same version. */
const versionOf = (text: string) =>
  text
    .split(/[._]/)
    .filter((part) => part !== '')
    .map((part) => String(BigInt(part)))
    .join('.')
    .replace(/(\.0)+$/, '');

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(BigInt), b.split('.').map(BigInt)];
  for (let n = 0; n < Math.max(left.length, right.length); n++) {
    const [one, other] = [left[n] ?? 0n, right[n] ?? 0n];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/** CRC-32 over the lines without their ends, as a signed number. Source: `ChecksumCalculator` and its callers in Flyway. */
const checksumOf = (text: string) => {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return String(lines.reduce((sum, line) => crc32(line, sum), 0) | 0);
};

function named(project: Project, kind: string) {
  return project.files.flatMap((file) => {
    const [, letter, version, description] = NAME.exec(nameOf(file)) ?? [];
    if (letter !== kind || (letter === 'R') !== (version === '')) return [];
    if (kind === 'U' && !file.endsWith('.sql')) return [];
    return [{ file, version: versionOf(version!), description: description!.replaceAll('_', ' ') }];
  });
}

function transactional(project: Project, file: string): boolean {
  const configuration = `${file}.conf`;
  if (
    project.has(configuration) &&
    /^\s*executeInTransaction\s*=\s*false/im.test(project.read(configuration))
  )
    return false;
  return !statementsOf(project.read(file)).some(refusesTransaction);
}

/** A class: Flyway records no checksum of it, so that an edit is told by the file. */
const classOf = (project: Project, file: string, repeatable: boolean) => ({
  up: null,
  down: null,
  opaque: `${nameOf(file).replace(/\.\w+$/, '')} is a class, and what it does is only known when it runs`,
  checksum: project.digest(file),
  transactional: !/\bcanExecuteInTransaction\s*\([^)]*\)[^{]*\{\s*return\s+false\b/.test(project.read(file)),
  ...(repeatable && { repeatable }),
});

/** A baseline script stands for all versions up to its own where their files are gone. */
function baseline(project: Project) {
  const [newest] = named(project, 'B').sort((a, b) => compareVersions(b.version, a.version));
  const covered = named(project, 'V').some(
    ({ version }) => newest && compareVersions(version, newest.version) <= 0,
  );
  return newest && !covered ? [newest] : [];
}

interface Row extends Record<string, unknown> {
  version: string | null;
  description: string;
  type: string;
  checksum: number | null;
  success: boolean;
}

/** Rows that stand for something applied: an undo or a delete takes back the version it names. */
function effective(rows: readonly Row[]): Row[] {
  return rows.reduce<Row[]>((standing, row) => {
    const others = standing.filter(({ version, description }) =>
      row.version === null ? description !== row.description : version !== row.version,
    );
    return /^(UNDO|DELETE)/.test(row.type) && row.success ? others : [...others, row];
  }, []);
}

async function lockHolder(session: Session): Promise<string | undefined> {
  const { rows } = await session.query<{ pid: number }>(
    `SELECT pid FROM pg_locks
      WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND ((classid::bigint << 32) | objid::bigint) BETWEEN $1::bigint AND $2::bigint`,
    [LOCK_BASE - HASH_RANGE, LOCK_BASE + HASH_RANGE].map(String),
  );
  return rows[0] && `backend ${rows[0].pid}`;
}

/** Source: Flyway's documentation of file names, schema history table and checksums. */
export const flywayRecords: ToolRecords = {
  name: 'flyway',
  tables: ['flyway_schema_history'],
  late: 'refused',
  compare: compareVersions,
  async history(session, table = 'flyway_schema_history') {
    const rows = await rowsOf<Row>(
      session,
      table,
      'SELECT version, description, type, checksum, success FROM TABLE ORDER BY installed_rank',
    );
    const standing = effective(rows).filter(({ type }) => type !== 'SCHEMA');
    const baselines = standing.filter(({ type }) => /BASELINE$/.test(type));
    return {
      applied: standing
        .filter((row) => !baselines.includes(row))
        .map(({ version, description, checksum, success }) => ({
          id: version === null ? `R__${description}` : versionOf(version),
          ...(checksum !== null && { checksum: String(checksum) }),
          ...(!success && { unfinished: true }),
        })),
      upTo: baselines.map(({ version }) => versionOf(version!)),
      locked: await lockHolder(session),
    };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'locked':
        return `wait until ${problem.by} ends; the lock goes with its connection`;
      case 'unfinished':
        return `undo what version ${problem.id} left, then run flyway repair`;
      case 'half-applied':
        return `undo what version ${problem.id} left, then run flyway repair`;
      case 'edited':
        return `restore ${problem.file} and put the change into a new version; flyway repair only if the schema already is as the file says`;
      case 'late':
        return `give ${problem.file} a version above ${problem.newest}, or set outOfOrder=true`;
      default:
        return `put the script of ${problem.id} back into the release; flyway repair marks it as deleted if that was meant`;
    }
  },
};

export const flyway = /* @__PURE__ */ toolOf(flywayRecords, {
  detect: (project) =>
    project.files.find((file) => /^flyway\.(conf|toml)$/.test(nameOf(file))) ?? named(project, 'V')[0]?.file,
  list(project) {
    const undo = new Map(named(project, 'U').map(({ version, file }) => [version, file]));
    const versioned = [...baseline(project), ...named(project, 'V')].sort((a, b) =>
      compareVersions(a.version, b.version),
    );
    const repeatable = named(project, 'R').sort((a, b) => inOrder(a.description, b.description));
    return [...versioned, ...repeatable].map(({ file, version, description }): Migration => {
      const named = { id: version === '' ? `R__${description}` : version, file, firstLine: 1 };
      if (!file.endsWith('.sql')) return { ...named, ...classOf(project, file, version === '') };
      const up = project.read(file);
      const down = undo.get(version);
      return {
        ...named,
        up,
        down: version !== '' && down ? project.read(down) : null,
        checksum: checksumOf(up),
        transactional: transactional(project, file),
        ...(version === '' && { repeatable: true }),
      };
    });
  },
  historyTable: (project) =>
    setting(
      project,
      /^\s*(?:(?:spring\.)?flyway\.)?table\s*[=:]\s*["']?(\w+)/m,
      'flyway.conf',
      'flyway.toml',
      'application.properties',
    ),
  beside: (project) =>
    project.files
      .filter((file) => CALLBACK.test(nameOf(file)))
      .map((file) => ({
        id: nameOf(file).replace(/\.sql$/, ''),
        file,
        up: project.read(file),
        down: null,
        checksum: project.digest(file),
        transactional: transactional(project, file),
        firstLine: 1,
        repeatable: true,
      })),
  apply: () => ['flyway', 'migrate'],
  revert(newestFirst) {
    const without = newestFirst.find(({ down }) => down === null);
    if (without)
      return {
        cannot: `there is no undo script U${without.id}__*.sql, and flyway undo needs a paid edition`,
      };
    return { commands: [['flyway', 'undo', `-target=${newestFirst.at(-1)?.id ?? ''}`]] };
  },
});
