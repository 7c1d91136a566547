import graph from '../../statemachines/deployment.asl.json';

interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Assign?: Record<string, unknown>;
  Choices?: { Next: string; Assign?: Record<string, unknown>; Condition: string }[];
  Catch?: { Next: string; Assign?: Record<string, unknown> }[];
}
const states = graph.States as unknown as Record<string, State>;

/** Every way out of a state, and the variables that are assigned on it. */
const ways = (state: State): { to: string; assigned: string[] }[] =>
  [
    { to: state.Next ?? '', assigned: state.Assign },
    { to: state.Default ?? '', assigned: state.Assign },
    ...(state.Choices ?? []).map(({ Next, Assign }) => ({ to: Next, assigned: Assign })),
    ...(state.Catch ?? []).map(({ Next, Assign }) => ({ to: Next, assigned: Assign })),
  ]
    .filter(({ to }) => to !== '')
    .map(({ to, assigned }) => ({ to, assigned: Object.keys(assigned ?? {}) }));

/** Variables that are assigned on every way from the start to each state: the greatest solution of the flow equations. */
function assignedBefore(start: string): Map<string, Set<string>> {
  const before = new Map<string, Set<string>>([[start, new Set()]]);
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const { to, assigned } of ways(states[name]!)) {
      const here = new Set([...before.get(name)!, ...assigned]);
      const known = before.get(to);
      const common = known ? new Set([...known].filter((variable) => here.has(variable))) : here;
      if (known && common.size === known.size) continue;
      before.set(to, common);
      open.push(to);
    }
  return before;
}

/** Variables that a state reads; `$states` and JSONata's own functions are none. */
const read = (state: State) =>
  [...JSON.stringify(state).matchAll(/\{%(.*?)%\}/g)]
    .flatMap(([, expression = '']) => [...expression.matchAll(/\$([a-zA-Z]\w*)(?!\w*\()/g)])
    .map(([, name]) => name!)
    .filter((name) => name !== 'states');

it('reads no variable that some way to the state has not assigned, also where a deployment is taken up again', () => {
  const before = assignedBefore(graph.StartAt);
  expect(before.size).toBe(Object.keys(states).length);
  for (const [name, state] of Object.entries(states))
    expect([name, read(state).filter((variable) => !before.get(name)!.has(variable))]).toEqual([name, []]);
});

it('would notice: without what RecoverDeployment rebuilds, the way back could not be gone', () => {
  const rebuilt = states.RecoverDeployment!.Assign!;
  const { live, ...rest } = rebuilt;
  states.RecoverDeployment!.Assign = rest;
  try {
    expect(assignedBefore(graph.StartAt).get('ReturnTraffic')!.has('live')).toBe(false);
  } finally {
    states.RecoverDeployment!.Assign = { live, ...rest };
  }
});

it.each([
  ['StrategyChosen?', '$states.input.chosen'],
  ['MigrationVerified?', '$states.input.verified'],
  ['TrafficShifted?', '$states.input.shifted'],
  ['RolledOut?', "$states.input.status = 'healthy'"],
  ['GreenConvinces?', "$states.input.next = 'finish'"],
  ['ContractReady?', "$states.input.status = 'ready'"],
  ['MigrationsPending?', '$count($plan.pending) > 0'],
])('decides at %s by what src/domain/recover.ts reads in the journal: %s', (choice, condition) => {
  expect(states[choice]!.Choices!.some(({ Condition }) => Condition.includes(condition))).toBe(true);
});
