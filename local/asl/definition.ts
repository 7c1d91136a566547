/** The Amazon States Language as JSON, as far as this interpreter runs it (see validate.ts for what is refused). */

export type QueryLanguage = 'JSONPath' | 'JSONata';

/** A value with JSONata expressions (`"{% … %}"`) or, in JSONPath states, with fields whose name ends in `.$`. */
export type Template = unknown;

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  ErrorEquals: string[];
  Next: string;
  ResultPath?: string | null;
  Output?: Template;
  Assign?: Record<string, Template>;
}

/** A rule of a Choice state: `Condition` in JSONata; a comparison or And, Or, Not in JSONPath. */
export interface ChoiceRule {
  Condition?: string | boolean;
  Variable?: string;
  And?: ChoiceRule[];
  Or?: ChoiceRule[];
  Not?: ChoiceRule;
  Next?: string;
  Output?: Template;
  Assign?: Record<string, Template>;
  [operator: string]: unknown;
}

/** The states of one scope: the machine itself, a branch of a Parallel, the processor of a Map. */
export interface Branch {
  StartAt: string;
  States: Record<string, State>;
  ProcessorConfig?: { Mode?: 'INLINE' | 'DISTRIBUTED'; ExecutionType?: 'STANDARD' | 'EXPRESS' };
}

export interface StateMachineDefinition extends Branch {
  Comment?: string;
  Version?: string;
  QueryLanguage?: QueryLanguage;
  TimeoutSeconds?: number;
}

export type StateType = 'Task' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';

/** One state; which fields may stand together depends on its type and query language. */
export interface State {
  Type: StateType;
  Comment?: string;
  QueryLanguage?: QueryLanguage;
  Next?: string;
  End?: boolean;
  InputPath?: string | null;
  OutputPath?: string | null;
  ResultPath?: string | null;
  Parameters?: Template;
  ResultSelector?: Template;
  Arguments?: Template;
  Output?: Template;
  Assign?: Record<string, Template>;
  Retry?: Retrier[];
  Catch?: Catcher[];
  Result?: unknown;
  Resource?: string;
  Choices?: ChoiceRule[];
  Default?: string;
  Branches?: Branch[];
  ItemProcessor?: Branch;
  Iterator?: Branch;
  ItemsPath?: string;
  Items?: Template;
  ItemSelector?: Template;
  ItemBatcher?: { MaxItemsPerBatch?: Template; MaxItemsPerBatchPath?: string; BatchInput?: Template };
  /** Fields of one value, literal or with a `Path` twin: TimeoutSeconds, Seconds, Timestamp, MaxConcurrency, Error, … */
  [field: string]: unknown;
}
