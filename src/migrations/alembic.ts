import type { Migration } from '../domain/migrations/types';
import { setting } from './configuration';
import { rowsOf } from './history-table';
import { type Printed, printed, scripts } from './printed-script';
import { inOrder, nameOf, type Project } from './project';
import { sectionsOf } from './sections';
import type { MigrationTool } from './tool';

const RUNNING = /^-- Running upgrade (?:.*)-> *(\S+?),?(?:\s.*)?$/;
const BOOKKEEPING = /^(INSERT INTO|UPDATE|DELETE FROM) \S*alembic_version\b[^;]*;/gm;
const OPAQUE =
  'the revision is Python code; commit the output of "alembic upgrade base:head --sql" as a .sql file of the project';

/** The quoted names that a module's variable is set to: none, one, or several in a tuple. */
function namesIn(source: string, variable: string): string[] | undefined {
  const assigned = new RegExp(`^${variable}\\b[^=\\n]*=\\s*(\\([^)]*\\)|\\[[^\\]]*\\]|[^\\n]*)`, 'm').exec(
    source,
  )?.[1];
  return assigned === undefined
    ? undefined
    : [...assigned.matchAll(/(["'])(.*?)\1/g)].map(([, , name]) => name!);
}

function revisions(project: Project) {
  return project.files.flatMap((file) => {
    if (!file.endsWith('.py')) return [];
    const source = project.read(file);
    const [id] = namesIn(source, 'revision') ?? [];
    const before = namesIn(source, 'down_revision');
    if (id === undefined || before === undefined) return [];
    return [{ id, file, parents: [...before, ...(namesIn(source, 'depends_on') ?? [])] }];
  });
}

type Revision = ReturnType<typeof revisions>[number];

/** Every revision behind its parents; branches in the order of their ids. */
function sorted(all: readonly Revision[]): Revision[] {
  const byId = new Map(all.map((revision) => [revision.id, revision]));
  const done = new Set<Revision>();
  const open = new Set<Revision>();
  const visit = (revision: Revision) => {
    if (done.has(revision)) return;
    if (open.has(revision)) throw new Error(`revision ${revision.id} follows itself; mend its down_revision`);
    open.add(revision);
    for (const id of [...revision.parents].sort(inOrder)) {
      const parent = byId.get(id);
      if (!parent) throw new Error(`${revision.file} follows revision ${id}, which is not there; restore it`);
      visit(parent);
    }
    done.add(revision);
  };
  for (const revision of [...all].sort((a, b) => inOrder(a.id, b.id))) visit(revision);
  return [...done];
}

/** What `alembic upgrade --sql` printed, by revision. */
function printedRevisions(project: Project): Map<string, Printed> {
  const found = scripts(project, /^-- Running upgrade /m).flatMap((file) =>
    sectionsOf(project.read(file), RUNNING).map(
      ({ marker, text, firstLine }) =>
        [RUNNING.exec(marker)![1]!, printed(file, text, firstLine, BOOKKEEPING)] as const,
    ),
  );
  return new Map(found);
}

/** Alembic records only its heads; what lies behind them is known from the files. */
export const alembic: MigrationTool = {
  name: 'alembic',
  tables: ['alembic_version'],
  late: 'applied',
  detect: (project) =>
    project.files.find((file) => nameOf(file) === 'alembic.ini') ??
    project.files.find((file) => file.endsWith('.py') && /^down_revision\b/m.test(project.read(file))),
  list(project) {
    const sql = printedRevisions(project);
    return sorted(revisions(project)).map(({ id, file, parents }): Migration => {
      const known = sql.get(id);
      const checksum = project.digest(file);
      if (known) return { id, down: null, checksum, parents, ...known };
      const transactional = !project.read(file).includes('autocommit_block');
      return {
        id,
        file,
        up: null,
        down: null,
        opaque: OPAQUE,
        checksum,
        transactional,
        firstLine: 1,
        parents,
      };
    });
  },
  historyTable: (project) => setting(project, /\bversion_table\s*=\s*["']?(\w+)/, 'env.py', 'alembic.ini'),
  async history(session, table = 'alembic_version') {
    const heads = await rowsOf<{ id: string }>(
      session,
      table,
      'SELECT version_num AS id FROM TABLE ORDER BY 1',
    );
    return { applied: heads, upTo: heads.map(({ id }) => id) };
  },
  apply: () => ['alembic', 'upgrade', 'heads'],
  revert: (_, keep) => ({ commands: [['alembic', 'downgrade', keep ?? 'base']] }),
  remedy(problem) {
    switch (problem.kind) {
      case 'edited':
        return `restore revision ${problem.id} and put the change into a new one; Alembic itself does not notice`;
      case 'half-applied':
        return `undo what revision ${problem.id} left, or complete it and run alembic stamp ${problem.id}`;
      case 'missing':
        return `put the file of revision ${problem.id} back into the release, or run alembic stamp with a revision that is there`;
      default:
        return 'compare alembic current with alembic heads, then alembic stamp the revision that the schema has';
    }
  },
};
