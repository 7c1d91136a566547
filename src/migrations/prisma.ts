import { isDrizzles } from './drizzle';
import { advisoryLockHolder, rowsOf } from './history-table';
import { folderOf, inOrder, nameOf, onlyFolder, type Project } from './project';
import { implicitlyTransactional } from './statements';
import { type ToolRecords, toolOf } from './tool';

const LOCK = 72707369n;
const NO_WAY_BACK = 'Prisma has no revert; write a new migration, prisma migrate diff --script helps';

const isLock = (file: string) => nameOf(file) === 'migration_lock.toml';
const ups = (project: Project) =>
  isDrizzles(project) ? [] : project.files.filter((file) => nameOf(file) === 'migration.sql');

interface Row extends Record<string, unknown> {
  id: string;
  checksum: string;
  finished: boolean;
}

/** Source: Prisma 6, schema-engine: a row is written when a migration begins and finished when it ended. */
export const prismaRecords: ToolRecords = {
  name: 'prisma',
  tables: ['_prisma_migrations'],
  late: 'applied',
  async history(session) {
    const rows = await rowsOf<Row>(
      session,
      '_prisma_migrations',
      `SELECT migration_name AS id, checksum, finished_at IS NOT NULL AS finished FROM TABLE
        WHERE rolled_back_at IS NULL ORDER BY started_at`,
    );
    return {
      applied: rows.map(({ id, checksum, finished }) => ({
        id,
        checksum,
        ...(!finished && { unfinished: true }),
      })),
      locked: await advisoryLockHolder(session, [LOCK]),
    };
  },
  remedy(problem) {
    switch (problem.kind) {
      case 'locked':
        return `wait until ${problem.by} ends; Prisma gives up after 10 s with P1002`;
      case 'unfinished':
        return (
          `look at what ${problem.id} left, undo it and run prisma migrate resolve --rolled-back ${problem.id}, ` +
          `or complete it and run prisma migrate resolve --applied ${problem.id}`
        );
      case 'half-applied':
        return `undo by hand what ${problem.id} left, or complete it and run prisma migrate resolve --applied ${problem.id}`;
      case 'edited':
        return `restore ${problem.file} and put the change into a new migration`;
      default:
        return `put the folder of ${problem.id} back into the release`;
    }
  },
};

export const prisma = /* @__PURE__ */ toolOf(prismaRecords, {
  detect: (project) => project.files.find(isLock) ?? ups(project)[0],
  list(project) {
    const locks = project.files.filter(isLock);
    const folder = onlyFolder(
      locks.length > 0 ? locks : ups(project).map(folderOf),
      locks.length > 0 ? 'migration_lock.toml files' : 'migrations of Prisma',
    );
    return ups(project)
      .filter((file) => folderOf(folderOf(file)) === folder)
      .map((file) => {
        const up = project.read(file);
        const down = `${folderOf(file)}/down.sql`;
        return {
          id: nameOf(folderOf(file)),
          file,
          up,
          down: project.has(down) ? project.read(down) : null,
          checksum: project.digest(file),
          transactional: implicitlyTransactional(up),
          firstLine: 1,
        };
      })
      .sort((a, b) => inOrder(a.id, b.id));
  },
  apply: () => ['prisma', 'migrate', 'deploy'],
  revert: () => ({ cannot: NO_WAY_BACK }),
});
