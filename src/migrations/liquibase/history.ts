import { setting } from '../configuration';
import { rowsOf } from '../history-table';
import type { MigrationTool } from '../tool';

/** Spring records paths with the prefix by which it finds them. */
const bare = (id: string) => id.replace(/^classpath:\/?/, '');

interface Row extends Record<string, unknown> {
  id: string;
  failed: boolean;
}

/** Source: Liquibase 4.28. A changeset is known by its path, id and author together. */
export const liquibaseHistory: Omit<MigrationTool, 'detect' | 'list'> = {
  name: 'liquibase',
  tables: ['databasechangelog', 'databasechangeloglock'],
  late: 'applied',
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
      applied: rows.map(({ id, failed }) => ({ id: bare(id), ...(failed && { unfinished: true }) })),
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
