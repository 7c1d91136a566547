import type { Branch, QueryLanguage, State, StateMachineDefinition } from './definition';
import { isStateType } from './state-fields';
import { checkState } from './validate-state';
import type { Report } from './validate-syntax';
import { checkAssigned, variablesOf } from './validate-variables';

const MACHINE_FIELDS = new Set([
  'Comment',
  'StartAt',
  'States',
  'Version',
  'TimeoutSeconds',
  'QueryLanguage',
]);
const BRANCH_FIELDS = new Set(['Comment', 'StartAt', 'States', 'ProcessorConfig']);
const LANGUAGES = ['JSONPath', 'JSONata'];

/**
 * The problems of a state machine definition, each naming state and field; an empty list means this interpreter can
 * run it. What the States Language has and this interpreter has not is a problem too.
 */
export function validateDefinition(definition: unknown): string[] {
  if (!isRecord(definition)) return ['the definition must be a JSON object'];
  const problems: string[] = [];
  const machine = definition as unknown as StateMachineDefinition;
  const language = machine.QueryLanguage ?? 'JSONPath';
  if (!LANGUAGES.includes(language))
    return [`field 'QueryLanguage': must be JSONPath or JSONata, but is '${language}'`];
  checkKnownFields(definition, MACHINE_FIELDS, '', problems);
  const limit = machine.TimeoutSeconds;
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    problems.push("field 'TimeoutSeconds': must be a positive integer");
  }
  new ScopeCheck(language, problems, new Set()).check(machine, '');
  return problems;
}

/** Checks the states of the machine, and within them those of branches and processors. */
class ScopeCheck {
  constructor(
    private readonly machineLanguage: QueryLanguage,
    private readonly problems: string[],
    /** State names must be unique in the whole definition. */
    private readonly names: Set<string>,
  ) {}

  /**
   * @param place where the scope is, such as `state 'Fan', field 'Branches[0]': `; empty for the machine
   * @param outer the variables that the scopes around it assign
   */
  check(branch: Branch, place: string, outer: ReadonlySet<string> = new Set()): void {
    if (!isRecord(branch.States) || Object.keys(branch.States).length === 0) {
      this.problems.push(`${place}field 'States': must have at least one state`);
      return;
    }
    if (!Object.hasOwn(branch.States, branch.StartAt)) {
      this.problems.push(`${place}field 'StartAt': the state '${branch.StartAt}' does not exist`);
    }
    for (const [name, state] of Object.entries(branch.States)) this.checkNamed(name, state, branch, outer);
  }

  private checkNamed(name: string, state: State, branch: Branch, outer: ReadonlySet<string>): void {
    const report: Report = (field, problem) =>
      this.problems.push(`state '${name}', field '${field}': ${problem}`);
    if (this.names.has(name)) report('States', 'another state has the same name');
    this.names.add(name);
    if (!isRecord(state) || !isStateType(state.Type)) {
      report('Type', `'${(state as State | undefined)?.Type}' is not a state type`);
      return;
    }
    const language = state.QueryLanguage ?? this.machineLanguage;
    if (!LANGUAGES.includes(language)) {
      report('QueryLanguage', 'must be JSONPath or JSONata');
      return;
    }
    if (this.machineLanguage === 'JSONata' && language === 'JSONPath') {
      report('QueryLanguage', 'cannot be JSONPath in a JSONata state machine');
    }
    checkState(state, language, report);
    checkTargets(state, branch, report);
    checkAssigned(state, outer, report);
    this.checkInner(name, state, new Set([...outer, ...variablesOf(branch)]));
  }

  private checkInner(name: string, state: State, variables: ReadonlySet<string>): void {
    const inner: [string, Branch][] = [];
    for (const [index, branch] of (Array.isArray(state.Branches) ? state.Branches : []).entries())
      inner.push([`Branches[${index}]`, branch]);
    if (state.ItemProcessor !== undefined) inner.push(['ItemProcessor', state.ItemProcessor]);
    if (state.Iterator !== undefined) inner.push(['Iterator', state.Iterator]);
    for (const [field, branch] of inner) {
      const place = `state '${name}', field '${field}': `;
      if (!isRecord(branch)) {
        this.problems.push(`${place}must be an object with StartAt and States`);
        continue;
      }
      checkKnownFields(branch, BRANCH_FIELDS, place, this.problems);
      this.check(branch, place, variables);
    }
  }
}

function checkKnownFields(
  value: object,
  known: ReadonlySet<string>,
  place: string,
  problems: string[],
): void {
  for (const field of Object.keys(value)) {
    if (!known.has(field)) problems.push(`${place}field '${field}': is not a known field`);
  }
}

/** Every transition must lead to a state of the same scope. */
function checkTargets(state: State, { States }: Branch, report: Report): void {
  const check = (target: unknown, field: string) => {
    if (target !== undefined && !Object.hasOwn(States, String(target))) {
      report(field, `the state '${target}' does not exist`);
    }
  };
  check(state.Next, 'Next');
  check(state.Default, 'Default');
  for (const [index, rule] of items(state.Choices)) check(rule.Next, `Choices[${index}]/Next`);
  for (const [index, catcher] of items(state.Catch)) check(catcher.Next, `Catch[${index}]/Next`);
}

/** The entries of a list field that are objects; that it is a list at all is checked elsewhere. */
const items = <Item>(list: Item[] | undefined): [number, Item][] =>
  Array.isArray(list) ? [...list.entries()].filter(([, item]) => isRecord(item)) : [];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
