import type { Definition, State } from '../../statemachines';
import { definition } from '../../statemachines';

/** Where a way leads, and the variables that are assigned on it. */
export interface Way {
  to: string;
  assigned: string[];
  /** Taken by an error. */
  caught: boolean;
}

interface Scope {
  StartAt: string;
  States: Record<string, State>;
}

const assigned = (Assign: Record<string, unknown> = {}) => Object.keys(Assign);

/** The ways out of a state to another one of its own scope. */
function waysOf(state: State): Way[] {
  return [
    { to: state.Next, Assign: state.Assign, caught: false },
    { to: state.Default, Assign: state.Assign, caught: false },
    ...(state.Choices ?? []).map(({ Next, Assign }) => ({ to: Next, Assign, caught: false })),
    ...(state.Catch ?? []).map(({ Next, Assign }) => ({ to: Next, Assign, caught: true })),
  ].flatMap(({ to, Assign, caught }) =>
    to === undefined ? [] : [{ to, assigned: assigned(Assign), caught }],
  );
}

/**
 * The whole machine on one floor, as an execution walks through it: into a phase, through its states, and out of it by its
 * Next from a good end, by its Catch from a bad one or from a Task that nobody catches.
 */
export function flowOf(machine: Definition): Map<string, { state: State; ways: Way[] }> {
  const flow = new Map<string, { state: State; ways: Way[] }>();
  const add = (scope: Scope, outer: { state: State; ways: Way[] } | undefined) => {
    for (const [name, state] of Object.entries(scope.States)) {
      const branch = state.Branches?.[0];
      const own = waysOf(state);
      const ways = branch
        ? [{ to: branch.StartAt, assigned: [], caught: false }]
        : [...own, ...(outer ? leaving(name, state, outer) : [])];
      flow.set(name, { state, ways });
      if (branch) add(branch, { state, ways: own });
    }
  };
  add(machine, undefined);
  return flow;
}

function leaving(name: string, state: State, outer: { state: State; ways: Way[] }): Way[] {
  const named = (outer.state.Catch ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
  const caughtBy = (error: string) => {
    const catcher = (outer.state.Catch ?? []).find(
      ({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'),
    );
    return catcher ? [{ to: catcher.Next, assigned: assigned(catcher.Assign), caught: true }] : [];
  };
  if (state.Type === 'Fail') return caughtBy(state.Error ?? name);
  const good = state.Type === 'Succeed' || state.End ? outer.ways.filter(({ caught }) => !caught) : [];
  // an error of a Task is none of the phase's own ends
  const bad =
    state.Type === 'Task' && !state.Catch?.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))
      ? caughtBy(named.includes('States.TaskFailed') ? 'States.TaskFailed' : 'States.ALL')
      : [];
  return [...good, ...bad];
}

export const flow = flowOf(definition);

/** What a deployment is does not change on its way, so the Choices that ask for it go together. */
export interface Kind {
  entry: 'new' | 'dry run' | 'recovered';
  rolling: boolean;
  pending: boolean;
}
const both = [true, false];
const kinds: Kind[] = (['new', 'dry run', 'recovered'] as const).flatMap((entry) =>
  both.flatMap((rolling) => both.map((pending) => ({ entry, rolling, pending }))),
);

const onward: Record<Kind['entry'], string[]> = {
  new: ['Approve'],
  'dry run': ['Conclude'],
  recovered: ['Conclude', 'Contract', 'Return'],
};

/** Choices that ask what a deployment is, and which of their ways one takes; the others are open. */
const asked: Record<string, (kind: Kind, to: string) => boolean> = {
  'Resume?': ({ entry }, to) => (to === 'RecoverDeployment') === (entry === 'recovered'),
  // only a dry run has a plan to report
  'Outcome?': ({ entry }, to) => to !== 'PlanReported' || entry === 'dry run',
  'MigrationsAllowed?': ({ entry }, to) => to !== 'Prepared' || entry === 'dry run',
  'NewDeployment?': ({ entry }, to) => onward[entry].includes(to),
  'Rolling?': ({ rolling }, to) => (to === 'CheckTrial') === rolling,
  'BlueStarts?': ({ rolling }, to) =>
    to === 'WaitForTrial' || to === 'BlueFailed' || (to !== 'CheckGreen') === rolling,
  'WorkersMoved?': ({ rolling }, to) =>
    to !== 'RollOut' && to !== 'Deployed' ? true : (to === 'RollOut') === rolling,
  'UsersShifted?': ({ rolling }, to) => (to === 'ObserveGreen') === rolling,
  'SnapshotNeeded?': ({ pending }, to) => (to === 'SnapshotDatabase') === pending,
  // seeds may be all that there is
  'MigrationsPending?': ({ pending }, to) => (to === 'StartMigration') === pending,
};

function reachAs(kind: Kind, from: string, without: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name; name = open.pop()) {
    if (seen.has(name) || without.includes(name)) continue;
    seen.add(name);
    const takes = asked[name] ?? (() => true);
    open.push(...(flow.get(name)?.ways ?? []).map(({ to }) => to).filter((to) => takes(kind, to)));
  }
  return seen;
}

/** Every state that some deployment can enter from one, itself included, without going through some. */
export const reach = (from: string, without: readonly string[] = [], some: Partial<Kind> = {}): Set<string> =>
  new Set(
    kinds
      .filter((kind) => Object.entries(some).every(([name, value]) => kind[name as keyof Kind] === value))
      .flatMap((kind) => [...reachAs(kind, from, without)]),
  );
