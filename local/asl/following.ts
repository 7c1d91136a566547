import type { Branch, State } from './definition';

interface Placed {
  state: State;
  /** The Parallel or Map that the state's branch belongs to. */
  around: string | undefined;
}

const branchesOf = (state: State): Branch[] =>
  [state.Branches, state.ItemProcessor, state.Iterator].flat().filter((branch) => branch !== undefined);

/** Every state of a machine by its name, which is unique in all of its branches. */
function placed(branch: Branch, around?: string): [string, Placed][] {
  return Object.entries(branch.States).flatMap(([name, state]) => [
    [name, { state, around }] as [string, Placed],
    ...branchesOf(state).flatMap((inner) => placed(inner, name)),
  ]);
}

/**
 * The Task states that may be entered next when a state has ended well, through any choice, wait or pass in between; what
 * errors lead to is left out.
 */
export function tasksAfter(definition: Branch, name: string): State[] {
  const all = new Map(placed(definition));
  const seen = new Set<string>();
  const leave = ({ state, around }: Placed): State[] => {
    const next = [state.Next, state.Default, ...(state.Choices ?? []).map(({ Next }) => Next)];
    const ahead = next.filter((one) => one !== undefined).flatMap(enter);
    const outer = around === undefined ? undefined : all.get(around);
    return state.End && outer ? [...ahead, ...leave(outer)] : ahead;
  };
  const enter = (next: string): State[] => {
    const found = all.get(next);
    if (!found || seen.has(next)) return [];
    seen.add(next);
    if (found.state.Type === 'Task') return [found.state];
    const inner = branchesOf(found.state).flatMap(({ StartAt }) => enter(StartAt));
    return inner.length > 0 ? inner : leave(found);
  };
  const from = all.get(name);
  return from ? leave(from) : [];
}
