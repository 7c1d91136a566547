import type { Migration } from '../../domain/migrations/types';
import { setting } from '../configuration';
import { rowsOf } from '../history-table';
import { type Printed, printed, scripts } from '../printed-script';
import { nameOf, type Project, sha256 } from '../project';
import { sectionsOf } from '../sections';
import type { MigrationTool } from '../tool';
import { changeSets, type Reader } from './changelog';
import { HEADER, readFormattedSql } from './formatted-sql';
import { readXml } from './xml';
import { readYaml } from './yaml';

const PRINTED = /^-- Changeset (.+::.+::.+)$/;
const BOOKKEEPING = /^(INSERT INTO|UPDATE) \S*databasechangelog(lock)?\b.*;$/gim;

function readerOf(file: string): Reader {
  if (file.endsWith('.sql')) return readFormattedSql;
  if (file.endsWith('.xml')) return readXml;
  if (/\.ya?ml$/.test(file)) return readYaml;
  throw new Error(`${file} is no changelog that can be read; write it as XML, YAML or formatted SQL`);
}

function isChangelog(project: Project, file: string): boolean {
  if (file.endsWith('.sql')) return HEADER.test(project.read(file));
  return /\.(xml|ya?ml)$/.test(file) && /(<|^)databaseChangeLog\b/m.test(project.read(file));
}

const properties = ({ files }: Project) => files.find((file) => nameOf(file) === 'liquibase.properties');

/** The changelog that Liquibase starts with: the one of its properties, else the only one that no other includes. */
function rootOf(project: Project): string {
  const file = properties(project);
  const named = file && /^\s*(?:changeLogFile|changelog-file)\s*[=:]\s*(\S+)/im.exec(project.read(file))?.[1];
  if (named) return named.replace(/^classpath:\/?|^\.\//, '');
  const all = project.files.filter((one) => isChangelog(project, one));
  const inner = new Set(
    all.flatMap((one) =>
      changeSets(project, one, readerOf).flatMap(({ file: of }) => (of === one ? [] : [of])),
    ),
  );
  const roots = all.filter((one) => !inner.has(one));
  if (roots.length !== 1)
    throw new Error(
      `${roots.length} changelogs could be the first (${roots.join(', ')}); name it in liquibase.properties as changelog-file`,
    );
  return roots[0]!;
}

/** What `liquibase update-sql` printed, by changeset. */
function printedChangeSets(project: Project): Map<string, Printed> {
  const found = scripts(project, /^-- Changeset .+::.+::.+$/m).flatMap((file) =>
    sectionsOf(project.read(file), PRINTED).map(
      ({ marker, text, firstLine }) =>
        [PRINTED.exec(marker)![1]!.trim(), printed(file, text, firstLine, BOOKKEEPING)] as const,
    ),
  );
  return new Map(found);
}

interface Row extends Record<string, unknown> {
  id: string;
  failed: boolean;
}

/** Source: Liquibase 4.28. A changeset is known by its file, id and author together. */
export const liquibase: MigrationTool = {
  name: 'liquibase',
  tables: ['databasechangelog', 'databasechangeloglock'],
  late: 'applied',
  detect: (project) => properties(project) ?? project.files.find((file) => isChangelog(project, file)),
  list(project) {
    const sql = printedChangeSets(project);
    return changeSets(project, rootOf(project), readerOf).map((set): Migration => {
      const id = `${set.file}::${set.id}::${set.author}`;
      const known = set.up === null ? sql.get(id) : undefined;
      return {
        id,
        file: set.sqlFile ?? set.file,
        up: set.up,
        down: set.down,
        ...(set.opaque && !known && { opaque: set.opaque }),
        checksum: sha256(set.content),
        transactional: set.transactional,
        firstLine: set.firstLine,
        ...(set.repeatable && { repeatable: true }),
        ...known,
      };
    });
  },
  historyTable: (project) =>
    setting(
      project,
      /^\s*(?:liquibase\.)?database-?change-?log-?table-?name\s*[=:]\s*(\w+)/im,
      'liquibase.properties',
    )?.toLowerCase(),
  async history(session, table = 'databasechangelog') {
    const rows = await rowsOf<Row>(
      session,
      table,
      `SELECT filename || '::' || id || '::' || author AS id, exectype = 'FAILED' AS failed
         FROM TABLE ORDER BY orderexecuted`,
    );
    const locks = await rowsOf<{ by: string }>(
      session,
      'databasechangeloglock',
      "SELECT coalesce(lockedby, 'somebody') || ' since ' || coalesce(lockgranted::text, 'an unknown time') AS by FROM TABLE WHERE locked",
    );
    return {
      applied: rows.map(({ id, failed }) => ({ id, ...(failed && { unfinished: true }) })),
      ...(locks[0] && { locked: locks[0].by }),
    };
  },
  apply: () => ['liquibase', 'update'],
  revert(newestFirst) {
    const without = newestFirst.find(({ down, up, opaque }) => down === null && up !== null && !opaque);
    if (without) return { cannot: `changeset ${without.id} has no rollback` };
    return { commands: [['liquibase', 'rollback-count', `--count=${newestFirst.length}`]] };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'locked':
        return 'make sure that no migration runs, then run liquibase release-locks';
      case 'unfinished':
        return `undo what changeset ${problem.id} left and delete its row from databasechangelog`;
      case 'half-applied':
        return `undo by hand what changeset ${problem.id} left, or complete it and run liquibase mark-next-changeset-ran`;
      case 'edited':
        return `restore changeset ${problem.id} and put the change into a new one; liquibase clear-checksums only if the schema already is as it says`;
      default:
        return `put changeset ${'id' in problem ? problem.id : ''} back into the release`;
    }
  },
};
