import type { Clock } from '../clock';
import type { StateMachineDefinition } from './definition';
import { Interruption, StatesError } from './errors';
import { History, type HistoryEvent, HistoryFull, LONGEST_HISTORY, whole } from './history';
import { runBranch, runMachine } from './machine';
import { abortController, type Scope, type Services } from './scope';
import { json } from './size';
import type { PerformTask } from './task';
import type { TaskTokens } from './task-attempt';

export interface ExecutionOptions {
  definition: StateMachineDefinition;
  input: unknown;
  perform: PerformTask;
  clock: Clock;
  /** 0 to below 1, for the jitter of retries. */
  random?: () => number;
  context: {
    executionArn: string;
    name: string;
    roleArn: string;
    stateMachineArn: string;
    stateMachineName: string;
  };
  /** Called with every event as it is added to the history. */
  onEvent?: (event: HistoryEvent) => void;
}

export type Outcome =
  | { status: 'SUCCEEDED'; output: unknown }
  | { status: 'FAILED'; error?: string; cause?: string }
  | { status: 'TIMED_OUT' }
  | { status: 'ABORTED'; error?: string; cause?: string };

/** One execution of a state machine, of the Standard kind. */
export class Execution {
  private readonly events: History;
  private readonly tokens: TaskTokens = new Map();
  private readonly end = abortController();
  private interruption?: Outcome;

  constructor(private readonly options: ExecutionOptions) {
    this.events = new History(options.clock, options.onEvent);
  }

  get history(): readonly HistoryEvent[] {
    return this.events.events;
  }

  /** Runs to the end, once. Resolves with every outcome; rejects only for a defect of the interpreter. */
  async run(): Promise<Outcome> {
    const thread = { previous: 0 };
    const { input, context } = this.options;
    const text = json(input);
    this.events.recordBeside('ExecutionStarted', thread, {
      executionStartedEventDetails: { input: text, inputDetails: whole, roleArn: context.roleArn },
    });
    const timer = this.startTimer();
    try {
      const payload = await runMachine(this.options.definition, { value: input, text }, this.scope(thread));
      return this.finish({ status: 'SUCCEEDED', output: payload.value }, thread, payload.text);
    } catch (error) {
      return this.finish(this.outcomeOf(error), thread);
    } finally {
      timer.abort();
    }
  }

  /** Ends the execution as StopExecution does: what is under way is aborted, nothing is caught. */
  stop(error?: string, cause?: string): void {
    this.interrupt({ status: 'ABORTED', error, cause });
  }

  /** Completes the task that waits for this token; false when none does. */
  sendTaskSuccess(token: string, output: unknown): boolean {
    const attempt = this.tokens.get(token);
    attempt?.answerWith(output);
    return attempt !== undefined;
  }

  /** Fails the task that waits for this token; false when none does. */
  sendTaskFailure(token: string, error?: string, cause?: string): boolean {
    const attempt = this.tokens.get(token);
    attempt?.fail(new StatesError(error ?? '', cause));
    return attempt !== undefined;
  }

  /** Restarts the heartbeat of the task that waits for this token; false when none does. */
  sendTaskHeartbeat(token: string): boolean {
    const attempt = this.tokens.get(token);
    attempt?.beat();
    return attempt !== undefined;
  }

  private interrupt(outcome: Outcome): void {
    this.interruption ??= outcome;
    this.end.abort(new Interruption(outcome.status));
  }

  private startTimer(): AbortController {
    const timer = new AbortController();
    const limit = this.options.definition.TimeoutSeconds;
    if (limit === undefined) return timer;
    this.options.clock.deadline(limit * 1000, timer.signal).then(
      () => this.interrupt({ status: 'TIMED_OUT' }),
      () => {},
    );
    return timer;
  }

  private scope(thread: { previous: number }): Scope {
    const { options } = this;
    const services: Services = {
      clock: options.clock,
      random: options.random ?? Math.random,
      perform: options.perform,
      tokens: this.tokens,
      region: options.context.executionArn.split(':')[3] ?? '',
      runBranch,
    };
    return {
      services,
      thread,
      history: this.events,
      variables: {},
      signal: this.end.signal,
      queryLanguage: options.definition.QueryLanguage ?? 'JSONPath',
      execution: this.executionContext(),
    };
  }

  private executionContext(): Scope['execution'] {
    const { context, input, clock } = this.options;
    return {
      Execution: {
        Id: context.executionArn,
        Input: input,
        Name: context.name,
        RoleArn: context.roleArn,
        StartTime: new Date(clock.now()).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: context.stateMachineArn, Name: context.stateMachineName },
    };
  }

  private outcomeOf(error: unknown): Outcome {
    if (this.interruption) return this.interruption;
    if (error instanceof StatesError) {
      return {
        status: 'FAILED',
        error: error.error === '' ? undefined : error.error,
        cause: error.causeText,
      };
    }
    if (error instanceof HistoryFull) {
      const cause = `The execution reached the maximum number of history events (${LONGEST_HISTORY}).`;
      return { status: 'FAILED', error: 'States.Runtime', cause };
    }
    throw error;
  }

  private finish(outcome: Outcome, thread: { previous: number }, output?: string): Outcome {
    const { events } = this;
    const record = (type: string, details?: Record<string, unknown>) => events.record(type, thread, details);
    if (outcome.status === 'SUCCEEDED') {
      record('ExecutionSucceeded', { executionSucceededEventDetails: { output, outputDetails: whole } });
    } else if (outcome.status === 'TIMED_OUT') {
      record('ExecutionTimedOut', { executionTimedOutEventDetails: {} });
    } else {
      const { status, ...details } = outcome;
      if (status === 'FAILED') record('ExecutionFailed', { executionFailedEventDetails: details });
      else record('ExecutionAborted', { executionAbortedEventDetails: details });
    }
    return outcome;
  }
}
