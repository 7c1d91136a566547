import type { Migration } from '../domain/migrations/types';
import { setting } from './configuration';
import { rowsOf } from './history-table';
import { type Printed, printed, scripts } from './printed-script';
import { nameOf, type Project } from './project';
import { sectionsOf } from './sections';
import { type ToolRecords, toolOf } from './tool';

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

interface Revision {
  id: string;
  file: string;
  /** What it follows, and what else has to be there before it. */
  follows: string[];
  needs: string[];
}

/** By their ids and branch labels, in the order in which Alembic reads files. */
function revisions(project: Project): Revision[] {
  const labels = new Map<string, string>();
  const found = project.files.flatMap((file) => {
    if (!file.endsWith('.py')) return [];
    const source = project.read(file);
    const [id] = namesIn(source, 'revision') ?? [];
    const follows = namesIn(source, 'down_revision');
    if (id === undefined || follows === undefined) return [];
    for (const label of namesIn(source, 'branch_labels') ?? []) labels.set(label, id);
    return [{ id, file, follows, needs: namesIn(source, 'depends_on') ?? [] }];
  });
  return found.map((one) => ({ ...one, needs: one.needs.map((name) => labels.get(name) ?? name) }));
}

const parentsOf = ({ follows, needs }: Revision) => [...new Set([...follows, ...needs])];

/** Each revision's ancestors, itself among them. Throws for one that is not there and for a circle. */
function ancestry(all: readonly Revision[]): (id: string) => ReadonlySet<string> {
  const byId = new Map(all.map((revision) => [revision.id, revision]));
  const known = new Map<string, Set<string>>();
  const open = new Set<string>();
  const of = (id: string): Set<string> => {
    const before = known.get(id);
    if (before) return before;
    if (open.has(id)) throw new Error(`revision ${id} follows itself; mend its down_revision`);
    open.add(id);
    const revision = byId.get(id)!;
    const found = new Set([id]);
    for (const parent of parentsOf(revision)) {
      if (!byId.has(parent))
        throw new Error(`${revision.file} follows revision ${parent}, which is not there; restore it`);
      for (const one of of(parent)) found.add(one);
    }
    known.set(id, found);
    return found;
  };
  for (const { id } of all) of(id);
  return of;
}

/**
 * The order in which Alembic upgrades: from the heads down one branch as far as no other one needs it, and that backwards.
 * Source: Alembic 1.20, `RevisionMap._topological_sort`.
 */
function sorted(all: readonly Revision[]): Revision[] {
  const byId = new Map(all.map((revision) => [revision.id, revision]));
  const ancestors = ancestry(all);
  const followed = new Set(all.flatMap(parentsOf));
  /** What a revision needs directly: not what an ancestor of its own line needs already. */
  const down = ({ follows, needs }: Revision) => {
    const line = (ids: string[]): string[] => ids.flatMap((id) => [id, ...line(byId.get(id)!.follows)]);
    const needed = new Set(needs.length > 0 ? line(follows).flatMap((id) => byId.get(id)!.needs) : []);
    return [...new Set([...follows, ...needs.filter((id) => !needed.has(id))])];
  };
  const todo = new Set(all.map(({ id }) => id));
  const heads = all.filter(({ id }) => !followed.has(id)).map(({ id }) => id);
  const above = heads.map((id) => new Set(ancestors(id)));
  const out: Revision[] = [];
  for (let current = 0; heads.length > 0; ) {
    const candidate = heads[current]!;
    const needing = above.findIndex((ids, index) => index !== current && ids.has(candidate));
    if (needing >= 0) {
      current = needing;
      continue;
    }
    const revision = byId.get(candidate)!;
    if (todo.delete(candidate)) out.push(revision);
    const [first, ...others] = down(revision).filter((id) => todo.has(id) && !heads.includes(id));
    if (first === undefined) {
      heads.splice(current, 1);
      above.splice(current, 1);
      current = Math.max(current - 1, 0);
      continue;
    }
    heads[current] = first;
    heads.push(...others);
    if (revision.needs.length === 0 && revision.follows.length === 1) above[current]!.delete(candidate);
    else {
      above[current] = new Set(ancestors(first));
      above.push(...others.map((id) => new Set(ancestors(id))));
    }
  }
  return out.reverse();
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
export const alembicRecords: ToolRecords = {
  name: 'alembic',
  tables: ['alembic_version'],
  late: 'applied',
  async history(session, table = 'alembic_version') {
    const heads = await rowsOf<{ id: string }>(
      session,
      table,
      'SELECT version_num AS id FROM TABLE ORDER BY 1',
    );
    return { applied: heads, upTo: heads.map(({ id }) => id) };
  },
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

export const alembic = /* @__PURE__ */ toolOf(alembicRecords, {
  detect: (project) =>
    project.files.find((file) => nameOf(file) === 'alembic.ini') ??
    project.files.find((file) => file.endsWith('.py') && /^down_revision\b/m.test(project.read(file))),
  list(project) {
    const sql = printedRevisions(project);
    return sorted(revisions(project)).map((revision): Migration => {
      const { id, file } = revision;
      const parents = parentsOf(revision);
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
  apply: () => ['alembic', 'upgrade', 'heads'],
  revert: (_, keep) => ({ commands: [['alembic', 'downgrade', keep ?? 'base']] }),
});
