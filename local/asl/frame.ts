import type { State } from './definition';
import { runtimeFault } from './errors';
import { evaluateTemplate } from './jsonata';
import type { Bindings } from './jsonata-library';
import { type PathScope, query } from './jsonpath';
import type { MapItem, Scope } from './scope';

/** What `$states` has beside the input and the context, at the stage of the state that is evaluated. */
export interface Stage {
  result?: unknown;
  errorOutput?: unknown;
}

/** One visit of one state: its input, and how its fields are evaluated in its query language. */
export class Frame {
  readonly usesJsonata: boolean;
  /** How often a retrier has run the task again; shown in the context object. */
  retryCount = 0;
  /** The token of the attempt in progress, for `.waitForTaskToken`. */
  token?: string;
  private readonly enteredAt: number;
  /** As the context object has it, from the first time it is asked for. */
  private enteredTime?: string;

  constructor(
    readonly name: string,
    readonly state: State,
    readonly input: unknown,
    readonly scope: Scope,
  ) {
    this.usesJsonata = (state.QueryLanguage ?? scope.queryLanguage) === 'JSONata';
    this.enteredAt = scope.services.clock.now();
  }

  /**
   * The context object, `$$` or `$states.context`. To be handed on bound: tsx gives every arrow function its name each
   * time it is made, and one would be made for every field that is evaluated.
   */
  context(mapItem: MapItem | undefined = this.scope.mapItem): Record<string, unknown> {
    const retries = this.state.Type === 'Task' ? { RetryCount: this.retryCount } : {};
    this.enteredTime ??= new Date(this.enteredAt).toISOString();
    return {
      ...this.scope.execution,
      State: { Name: this.name, EnteredTime: this.enteredTime, ...retries },
      ...(mapItem && { Map: { Item: mapItem } }),
      ...(this.token !== undefined && { Task: { Token: this.token } }),
    };
  }

  /** What JSONPath fields are evaluated against, with `input` as `$`. */
  paths(input: unknown, mapItem?: MapItem): PathScope {
    return { input, variables: this.scope.variables, context: this.context.bind(this, mapItem) };
  }

  /** Evaluates the template of a JSONata field. */
  evaluate(template: unknown, field: string, stage?: Stage, mapItem?: MapItem): Promise<unknown> {
    return evaluateTemplate(template, this.bindings(stage, mapItem), field);
  }

  /**
   * The value of a field that holds one value: in JSONata a template, in JSONPath a literal or a path in its
   * `…Path` twin. Undefined when the state has neither.
   */
  async value(field: string, effectiveInput: unknown): Promise<unknown> {
    const literal = this.state[field];
    if (this.usesJsonata) return literal === undefined ? undefined : this.evaluate(literal, field);
    const path = this.state[`${field}Path`];
    if (path === undefined) return literal;
    if (typeof path !== 'string') throw runtimeFault(`The field '${field}Path' must be a path`);
    return query(path, this.paths(effectiveInput), `${field}Path`);
  }

  private bindings(stage?: Stage, mapItem?: MapItem): Bindings {
    const { variables, services } = this.scope;
    return {
      variables,
      stage: { input: this.input, ...stage },
      context: this.context.bind(this, mapItem),
      clock: services.clock,
    };
  }
}
