import type { Applied, History, Manifest, Migration } from './types';

/** Why a deployment cannot know what its migrations would do. */
export type HistoryProblem =
  | { kind: 'locked'; by: string }
  | { kind: 'unfinished'; id: string }
  | { kind: 'half-applied'; id: string }
  | { kind: 'edited'; id: string; file: string }
  | { kind: 'missing'; id: string }
  | { kind: 'late'; id: string; file: string; newest: string };

/** What a tool does with a migration that comes before one already applied. */
export type LateMigrations = 'applied' | 'refused' | 'skipped';

/** What the decision has to know of a tool. */
export interface ToolRules {
  late: LateMigrations | ((migrations: readonly Migration[]) => LateMigrations);
  /** What a person has to do about a problem, with the tool's own command. */
  remedy(problem: HistoryProblem): string;
  /** The tool's order of two ids; only for tools whose baseline needs no file. */
  compare?(a: string, b: string): number;
}

export interface Pending {
  /** In the tool's order; what the tool would run next if there is no problem. */
  pending: Migration[];
  problems: (HistoryProblem & { message: string; remedy: string })[];
}

const MESSAGES: { [K in HistoryProblem['kind']]: (problem: Extract<HistoryProblem, { kind: K }>) => string } =
  {
    locked: ({ by }) => `the tool's lock is held by ${by}`,
    unfinished: ({ id }) => `migration ${id} was begun and did not end well`,
    'half-applied': ({ id }) => `parts of migration ${id} may stand, and the history does not record it`,
    edited: ({ id, file }) => `${file} was edited after migration ${id} was applied`,
    missing: ({ id }) => `migration ${id} was applied to this database and is not in this release`,
    late: ({ id, newest }) => `migration ${id} comes before ${newest}, which was applied already`,
  };

const messageOf = (problem: HistoryProblem) =>
  (MESSAGES[problem.kind] as (problem: HistoryProblem) => string)(problem);

/** What a run that did not end well has left beside the schema, as its tool records it. */
export interface Leftovers {
  /** Ids of migrations that were begun and did not end well. */
  unfinished: readonly string[];
  /** Who or what holds the tool's lock; null when nobody does. */
  locked: string | null;
}

/**
 * What stands in the way of the tool's next run, with its own way out: one sentence for each.
 * @param halfApplied the migration that has changed the schema and is not recorded
 */
export function waysOut(
  { unfinished, locked }: Leftovers,
  { remedy }: Pick<ToolRules, 'remedy'>,
  halfApplied?: string,
): string[] {
  const problems: HistoryProblem[] = [
    ...(locked === null ? [] : [{ kind: 'locked', by: locked } as const]),
    ...unfinished.map((id) => ({ kind: 'unfinished', id }) as const),
    ...(halfApplied && !unfinished.includes(halfApplied)
      ? [{ kind: 'half-applied', id: halfApplied } as const]
      : []),
  ];
  return problems.map((problem) => `${messageOf(problem)}; ${remedy(problem)}`);
}

/** The given ids and everything before them: by the graph where there is one, else by the manifest's line. */
function upTo(ends: readonly string[], { migrations }: Manifest, rules: ToolRules): Set<string> {
  const found = new Set<string>();
  const byId = new Map(migrations.map((migration) => [migration.id, migration]));
  const graph = migrations.some(({ parents }) => parents);
  for (const end of ends) {
    if (graph) {
      const open = [end];
      while (open.length > 0) {
        const id = open.pop()!;
        if (found.has(id)) continue;
        found.add(id);
        open.push(...(byId.get(id)?.parents ?? []));
      }
    } else if (rules.compare) {
      const { compare } = rules;
      for (const { id, repeatable } of migrations) if (!repeatable && compare(id, end) <= 0) found.add(id);
    } else {
      const last = migrations.findIndex(({ id }) => id === end);
      for (const { id } of migrations.slice(0, last + 1)) found.add(id);
    }
  }
  return found;
}

const isEdited = (migration: Migration, row: Applied, earlier?: Migration) =>
  row.checksum !== undefined
    ? row.checksum !== migration.checksum
    : earlier !== undefined && earlier.checksum !== migration.checksum;

/**
 * A release's migrations minus the tool's history, and everything that makes that difference unsafe to run. Tools that
 * store no checksum, or only their newest migration, cannot tell an edited or a late file by themselves: `earlier`, the
 * manifest of the deployment before, can.
 */
export function pendingOf(
  manifest: Manifest,
  history: History,
  rules: ToolRules,
  earlier?: Manifest,
): Pending {
  const { migrations } = manifest;
  const rows = new Map(history.applied.map((row) => [row.id, row]));
  const before = new Map(earlier?.migrations.map((migration) => [migration.id, migration]));
  const implied = upTo(history.upTo ?? [], manifest, rules);
  const problems: HistoryProblem[] = [];
  if (history.locked !== undefined) problems.push({ kind: 'locked', by: history.locked });
  for (const { id, unfinished } of history.applied) {
    if (unfinished) problems.push({ kind: 'unfinished', id });
    else if (!migrations.some((migration) => migration.id === id)) problems.push({ kind: 'missing', id });
  }

  const pending: Migration[] = [];
  for (const migration of migrations) {
    const { id, file } = migration;
    const row = rows.get(id) ?? (implied.has(id) ? { id } : undefined);
    if (row?.unfinished) continue;
    if (!row) pending.push(migration);
    else if (!isEdited(migration, row, before.get(id))) continue;
    else if (migration.repeatable) pending.push(migration);
    else problems.push({ kind: 'edited', id, file });
  }
  problems.push(...late(manifest, history, rules, new Set(pending.map(({ id }) => id)), before));
  return {
    pending,
    problems: problems.map((problem) => ({
      ...problem,
      message: messageOf(problem),
      remedy: rules.remedy(problem),
    })),
  };
}

/** Files that came after migrations which they precede: the tool refuses them, or passes them over in silence. */
function late(
  { migrations }: Manifest,
  history: History,
  { late: rule }: ToolRules,
  pending: ReadonlySet<string>,
  before: ReadonlyMap<string, Migration>,
): HistoryProblem[] {
  if ((typeof rule === 'function' ? rule(migrations) : rule) === 'applied') return [];
  const applied = (id: string) => history.applied.some((row) => row.id === id && !row.unfinished);
  // contract migrations come last in every manifest, and were applied before the next release's others
  const inLine = ({ repeatable, phase }: Migration) => !repeatable && phase !== 'contract';
  const last = migrations.findLastIndex((migration) => inLine(migration) && applied(migration.id));
  // a tool that records only its newest migration takes every earlier one for applied
  const unseen = (id: string) => pending.has(id) || (!applied(id) && before.size > 0 && !before.has(id));
  return migrations
    .slice(0, Math.max(last, 0))
    .filter((migration) => inLine(migration) && unseen(migration.id))
    .map(({ id, file }) => ({ kind: 'late', id, file, newest: migrations[last]!.id }));
}
