interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
}

export interface Drawing {
  /** Box around Tasks, by name, in the order in which they are drawn. */
  phases: Record<string, readonly { name: string }[]>;
  states: Record<string, State>;
}

const nextOf = (state: State) =>
  [...(state.Choices ?? []).map(({ Next }) => Next), state.Next, state.Default].filter(
    (name): name is string => name !== undefined,
  );

/** The Tasks, markers and ends that follow a state, past its Choices and Waits. */
function followers(states: Record<string, State>, from: string): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open = nextOf(states[from] ?? { Type: '' });
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const state = states[name];
    if (!state) continue;
    if (['Choice', 'Wait'].includes(state.Type)) open.unshift(...nextOf(state));
    else if (name !== from) found.add(name);
  }
  return [...found];
}

/**
 * The graph as a Mermaid flow chart that fits on a page: one box of Tasks per phase, markers and ends. Ways that
 * only an error takes (Catch) are left out, and so are loops of a poll onto itself.
 */
export function diagram({ phases, states }: Drawing): string {
  const tasks = Object.values(phases)
    .flat()
    .map(({ name }) => name);
  const markers = Object.keys(states).filter((name) => states[name]?.Type === 'Pass');
  const ends = Object.keys(states).filter((name) => ['Succeed', 'Fail'].includes(states[name]?.Type ?? ''));
  const boxes = Object.entries(phases).flatMap(([phase, steps]) => [
    `  subgraph ${phase}`,
    ...steps.map(({ name }) => `    ${name}`),
    '  end',
  ]);
  const arrows = [...tasks, ...markers].flatMap((from) =>
    followers(states, from).map((to) => `  ${from} --> ${to}`),
  );
  return [
    'flowchart TD',
    ...boxes,
    ...markers.map((name) => `  ${name}{{${name}}}`),
    ...ends.map((name) => `  ${name}([${name}])`),
    ...arrows,
  ].join('\n');
}
