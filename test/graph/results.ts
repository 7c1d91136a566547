import jsonata from 'jsonata';
import { phases } from '../../lambdas';
import type { AnyStep } from '../../src/runtime/define-step';
import type { Definition, State } from '../../statemachines';
import {
  alternatives,
  either,
  lacking,
  memberOf,
  NOTHING,
  NULL,
  PLAIN,
  type Shape,
  shapeOf,
  UNKNOWN,
} from './shapes';

/** As much of JSONata's syntax tree as the graph uses. */
interface Node {
  type: string;
  value?: unknown;
  steps?: (Node & { predicate?: unknown; stages?: unknown })[];
  condition?: Node;
  then?: Node;
  else?: Node;
  lhs?: Node | [Node, Node][];
  rhs?: Node;
  expressions?: Node[];
  expression?: Node;
  arguments?: Node[];
}

const steps = new Map<string, AnyStep>(
  (Object.values(phases).flat() as AnyStep[]).map((step) => [step.name, step]),
);
const stepOf = ({ Resource = '', Arguments }: State) =>
  steps.get(String(Arguments?.FunctionName ?? Resource).replace(/^\$\{(\w+)\}$/, '$1'));

interface Scope {
  /** `$states.result` and `$states.input`. */
  result: Shape;
  input: Shape;
  variable(name: string): Shape;
  problem(text: string): void;
}

function memberAt(shape: Shape, name: string, from: string, scope: Scope): Shape {
  const { shape: member, missing } = memberOf(shape, name);
  if (missing) scope.problem(`${from} has no ${name}, or not always`);
  return member;
}

function pathShape([first, ...more]: NonNullable<Node['steps']>, scope: Scope): Shape {
  const states = first?.type === 'variable' && first.value === 'states';
  const root = states ? String(more[0]?.value) : '';
  let at: Shape = UNKNOWN;
  if (root === 'result') at = scope.result;
  else if (root === 'input') at = scope.input;
  else if (!states && first?.type === 'variable') at = scope.variable(String(first.value));
  let path = states ? `$states.${root}` : `$${first?.value}`;
  if (states && (more[0]?.predicate ?? more[0]?.stages))
    at = either(alternatives(at).map((one) => (one.kind === 'list' ? one.of : one)));
  for (const { type, value } of states ? more.slice(1) : more) {
    if (type !== 'name') throw new Error(`a path with ${type}, which this test does not understand`);
    at = memberAt(at, String(value), path, scope);
    path += `.${value}`;
  }
  return at;
}

/** A word that is compared with a result has to be one of those that it can be. */
function compare(one: Node, other: Node, scope: Scope): void {
  const shape = shapeOfNode(one, scope);
  if (other.type !== 'string') return;
  const all = alternatives(shape);
  if (all.length === 0 || all.some((each) => each.kind !== 'plain' || !each.values)) return;
  if (!all.some((each) => each.kind === 'plain' && each.values?.includes(String(other.value))))
    scope.problem(`compares with '${other.value}', which it never is`);
}

function shapeOfNode(node: Node, scope: Scope): Shape {
  const each = (nodes: readonly (Node | undefined)[]) =>
    nodes.map((one) => (one ? shapeOfNode(one, scope) : NOTHING));
  switch (node.type) {
    case 'path':
      return pathShape(node.steps ?? [], scope);
    case 'variable':
      return scope.variable(String(node.value));
    case 'condition':
      each([node.condition]);
      return either(each([node.then, node.else]));
    case 'binary': {
      const [one, other] = [node.lhs as Node, node.rhs as Node];
      if (node.value === '=' || node.value === '!=') {
        compare(one, other, scope);
        compare(other, one, scope);
      } else each([one, other]);
      return PLAIN;
    }
    case 'unary':
      if (node.value === '{')
        return {
          kind: 'object',
          members: Object.fromEntries(
            (node.lhs as [Node, Node][]).map(([name, value]) => [
              String(name.value),
              shapeOfNode(value, scope),
            ]),
          ),
        };
      if (node.value === '[') return { kind: 'list', of: either(each(node.expressions ?? [])) };
      each([node.expression]);
      return PLAIN;
    case 'function':
      each(node.arguments ?? []);
      return PLAIN;
    case 'block':
      return each(node.expressions ?? []).at(-1) ?? NOTHING;
    case 'string':
      return { kind: 'plain', values: [String(node.value)] };
    case 'value':
      return node.value === null ? NULL : PLAIN;
    case 'number':
      return PLAIN;
    default:
      throw new Error(`an expression with ${node.type}, which this test does not understand`);
  }
}

/** The shape of a field of the graph: a value, or expressions in it. */
function shapeIn(value: unknown, scope: Scope): Shape {
  if (value === null) return NULL;
  if (Array.isArray(value)) return { kind: 'list', of: either(value.map((one) => shapeIn(one, scope))) };
  if (typeof value === 'object')
    return {
      kind: 'object',
      members: Object.fromEntries(
        Object.entries(value as object).map(([name, member]) => [name, shapeIn(member, scope)]),
      ),
    };
  if (typeof value !== 'string') return PLAIN;
  const [, expression] = /^\{%(.*)%\}$/s.exec(value) ?? [];
  if (expression === undefined) return { kind: 'plain', values: [value] };
  return shapeOfNode(jsonata(expression).ast() as unknown as Node, scope);
}

const ERROR_OUTPUT: Shape = { kind: 'object', members: { Error: PLAIN, Cause: PLAIN } };

/** What is found out about the machine in one round, from what the round before has found out. */
interface Round {
  variables: Map<string, Shape>;
  inputs: Map<string, Shape>;
  /** Of a phase, by its name: what its good ends give. */
  given: Map<string, Shape>;
  problems: string[];
}
const nothingYet = (): Round => ({
  variables: new Map(),
  inputs: new Map(),
  given: new Map(),
  problems: [],
});

const add = (map: Map<string, Shape>, key: string, shape: Shape) =>
  map.set(key, either([map.get(key) ?? NOTHING, shape]));

function resultOf(name: string, state: State, before: Round): Shape {
  if (state.Branches) return { kind: 'list', of: before.given.get(name) ?? NOTHING };
  // what wakes a Task that waits is an answer of people, or whatever somebody has sent
  if (state.Type !== 'Task' || state.Resource?.endsWith('.waitForTaskToken')) return UNKNOWN;
  const step = stepOf(state);
  return step ? shapeOf(step.output()) : UNKNOWN;
}

/** What a Task gives its step lacks nothing that the step wants. */
function checkInput(name: string, state: State, scope: Scope, round: Round): void {
  const step = state.Type === 'Task' ? stepOf(state) : undefined;
  if (!step) return;
  const envelope = (state.Arguments?.Payload ?? state.Arguments) as { input: unknown };
  for (const path of lacking(shapeOf(step.input), shapeIn(envelope.input, scope), 'input'))
    round.problems.push(`${name}: ${step.name} wants ${path}`);
}

function walk(
  states: Record<string, State>,
  start: string,
  given: Shape,
  before: Round,
  round: Round,
  phase?: string,
): void {
  add(round.inputs, start, given);
  for (const [name, state] of Object.entries(states)) {
    const scope: Scope = {
      result: resultOf(name, state, before),
      input: before.inputs.get(name) ?? NOTHING,
      variable: (variable) =>
        before.variables.get(`${phase}.${variable}`) ?? before.variables.get(variable) ?? NOTHING,
      problem: (text) => round.problems.push(`${name}: ${text}`),
    };
    const assign = (Assign: Record<string, unknown> = {}) => {
      for (const [variable, value] of Object.entries(Assign))
        add(round.variables, phase ? `${phase}.${variable}` : variable, shapeIn(value, scope));
    };
    checkInput(name, state, scope, round);
    for (const { Condition, Assign } of state.Choices ?? []) {
      shapeIn(Condition, scope);
      assign(Assign);
    }
    for (const { Assign } of state.Catch ?? []) assign(Assign);
    assign(state.Assign);
    for (const field of [state.Seconds, state.TimeoutSeconds, (state as { Cause?: string }).Cause])
      if (field !== undefined) shapeIn(field, scope);

    const passes = state.Type === 'Task' || state.Branches ? scope.result : scope.input;
    const output = state.Output === undefined ? passes : shapeIn(state.Output, scope);
    for (const next of [state.Next, state.Default, ...(state.Choices ?? []).map(({ Next }) => Next)])
      if (next !== undefined) add(round.inputs, next, output);
    for (const { Next, Output } of state.Catch ?? [])
      add(round.inputs, Next, Output === undefined ? ERROR_OUTPUT : shapeIn(Output, scope));
    if (phase && (state.Type === 'Succeed' || state.End)) add(round.given, phase, output);
    for (const { StartAt, States } of state.Branches ?? [])
      walk(States, StartAt, scope.input, before, round, name);
  }
}

/**
 * Follows every value through the machine, from the results of its steps through variables, Choices and phases, and tells what
 * is read and not there: members that no schema declares, or not for each result; words that a result never is; what a step's
 * input wants and is not given.
 */
export function problemsOf(machine: Definition): string[] {
  let round = nothingYet();
  let before = '';
  for (let rounds = 0; rounds < 50; rounds++) {
    const next = nothingYet();
    walk(machine.States, machine.StartAt, UNKNOWN, round, next);
    round = next;
    const now = JSON.stringify([[...round.variables], [...round.inputs], [...round.given]]);
    if (now === before) return [...new Set(round.problems)];
    before = now;
  }
  throw new Error('what is known of the machine does not settle');
}
