import { definition, states } from '../../statemachines';
import { flow, flowOf, type Way } from './flow';

const top = new Set(Object.keys(definition.States));
/** Variables of the machine's own scope; a phase has others, which end with it. */
const outer = new Set(
  [...flow].flatMap(([name, { state }]) =>
    top.has(name)
      ? [
          ...Object.keys(state.Assign ?? {}),
          ...(state.Choices ?? []).flatMap(({ Assign }) => Object.keys(Assign ?? {})),
          ...(state.Catch ?? []).flatMap(({ Assign }) => Object.keys(Assign ?? {})),
        ]
      : [],
  ),
);

type Flow = Map<string, { ways: Way[] }>;

/** Variables that are assigned on every way from the start to each state: the greatest solution of the flow equations. */
function assignedBefore(machine: Flow, start: string): Map<string, Set<string>> {
  const before = new Map<string, Set<string>>([[start, new Set()]]);
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const { to, assigned } of machine.get(name)!.ways) {
      const all = [...before.get(name)!, ...assigned];
      const here = new Set(top.has(to) ? all.filter((variable) => outer.has(variable)) : all);
      const known = before.get(to);
      const common = known ? new Set([...known].filter((variable) => here.has(variable))) : here;
      if (known && common.size === known.size) continue;
      before.set(to, common);
      open.push(to);
    }
  return before;
}

/** Variables that a state reads; `$states` and JSONata's own functions are none. */
const read = (state: object) =>
  [...JSON.stringify({ ...state, Branches: undefined }).matchAll(/\{%(.*?)%\}/g)]
    .flatMap(([, expression = '']) => [...expression.matchAll(/\$([a-zA-Z]\w*)(?!\w*\()/g)])
    .map(([, name]) => name!)
    .filter((name) => name !== 'states');

it('reads no variable that some way to the state has not assigned, whatever phase it fails in', () => {
  const before = assignedBefore(flow, definition.StartAt);
  expect(before.size).toBe(states.length);
  for (const { name, state, phase } of states) {
    // a Parallel assigns when its branch is over, so what it reads there is of its own scope
    const known = before.get(name)!;
    expect([phase, name, read(state).filter((variable) => !known.has(variable))]).toEqual([phase, name, []]);
  }
});

it('would notice: without the name that Prepare gives a deployment, its end could not be written down', () => {
  const prepare = definition.States.Prepare!;
  const without = ({ deploymentId: _, ...rest }: Record<string, unknown>) => rest;
  const changed = {
    ...definition,
    States: { ...definition.States, Prepare: { ...prepare, Assign: without(prepare.Assign ?? {}) } },
  };
  const known = assignedBefore(flowOf(changed), definition.StartAt);
  expect(known.get('ReleaseLock')!.has('deploymentId')).toBe(false);
});

it('gives no variable of a phase a name of the machine: a branch can read those, and cannot assign them', () => {
  for (const { name, state, phase } of states)
    if (phase) {
      const own = (flow.get(name)?.ways ?? [])
        .filter(({ to }) => !top.has(to))
        .flatMap(({ assigned }) => assigned);
      expect([name, [...own, ...Object.keys(state.Assign ?? {})].filter((one) => outer.has(one))]).toEqual([
        name,
        [],
      ]);
    }
});

it.each([
  ['StrategyChosen?', '$states.input.chosen'],
  ['SnapshotAvailable?', "$states.input.status = 'available'"],
  ['MigrationVerified?', '$states.input.verified'],
  ['SmokeTestsPassed?', "$states.input.status = 'passed'"],
  ['TrafficShifted?', '$states.input.shifted'],
  ['RolledOut?', "$states.input.status = 'healthy'"],
  ['VerdictHealthy?', "$states.input.next = 'finish'"],
  ['ContractReady?', "$states.input.status = 'ready'"],
])('decides at %s by what the recovery reads in the journal: %s', (choice, condition) => {
  const { Choices = [] } = flow.get(choice)!.state;
  expect(Choices.some(({ Condition }) => Condition.includes(condition))).toBe(true);
});
