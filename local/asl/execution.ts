import type { Clock } from '../clock';
import { abortController } from './abort';
import type { StateMachineDefinition } from './definition';
import { Interruption, StatesError } from './errors';
import { History, type HistoryEvent, HistoryFull, LONGEST_HISTORY, whole } from './history';
import { runBranch, runMachine } from './machine';
import type { PerformTask } from './perform-task';
import { newProgress, resume } from './progress';
import type { Scope, Services } from './scope';
import { json } from './size';
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
  private readonly thread = { previous: 0 };
  private readonly progress = newProgress();
  private startTime = '';
  private redrive?: { count: number; time: string };
  private end = abortController();
  private interruption?: Outcome;

  constructor(private readonly options: ExecutionOptions) {
    this.events = new History(options.clock, options.onEvent);
  }

  get history(): readonly HistoryEvent[] {
    return this.events.events;
  }

  /** Runs to the end, once. Resolves with every outcome; rejects only for a defect of the interpreter. */
  async run(): Promise<Outcome> {
    const { input, context, clock } = this.options;
    this.startTime = new Date(clock.now()).toISOString();
    this.events.recordBeside('ExecutionStarted', this.thread, {
      executionStartedEventDetails: { input: json(input), inputDetails: whole, roleArn: context.roleArn },
    });
    return this.toTheEnd();
  }

  /**
   * Goes on after an end that was no success, in the state that failed or was interrupted: with its input, the
   * variables it saw, its retries and the machine's time-out all anew. Of a Parallel or inline Map only what has not
   * succeeded goes on. A Fail state fails again. (Developer Guide, "Restarting state machine executions with redrive".)
   */
  runAgain(): Promise<Outcome> {
    this.redrive = {
      count: (this.redrive?.count ?? 0) + 1,
      time: new Date(this.options.clock.now()).toISOString(),
    };
    this.end = abortController();
    this.interruption = undefined;
    resume(this.progress);
    this.events.record('ExecutionRedriven', this.thread, {
      executionRedrivenEventDetails: { redriveCount: this.redrive.count },
    });
    return this.toTheEnd();
  }

  private async toTheEnd(): Promise<Outcome> {
    const { definition, input } = this.options;
    const timer = this.startTimer();
    try {
      const payload = await runMachine(definition, { value: input, text: json(input) }, this.scope());
      return this.finish({ status: 'SUCCEEDED', output: payload.value }, payload.text);
    } catch (error) {
      return this.finish(this.outcomeOf(error));
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

  private scope(): Scope {
    const { options } = this;
    const services: Services = {
      clock: options.clock,
      random: options.random ?? Math.random,
      perform: options.perform,
      tokens: this.tokens,
      region: options.context.executionArn.split(':')[3] ?? '',
      runBranch,
    };
    this.progress.variables ??= {};
    return {
      services,
      thread: this.thread,
      progress: this.progress,
      history: this.events,
      variables: this.progress.variables,
      signal: this.end.signal,
      queryLanguage: options.definition.QueryLanguage ?? 'JSONPath',
      execution: this.executionContext(),
    };
  }

  private executionContext(): Scope['execution'] {
    const { context, input } = this.options;
    return {
      Execution: {
        Id: context.executionArn,
        Input: input,
        Name: context.name,
        RoleArn: context.roleArn,
        StartTime: this.startTime,
        RedriveCount: this.redrive?.count ?? 0,
        ...(this.redrive && { RedriveTime: this.redrive.time }),
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

  private finish(outcome: Outcome, output?: string): Outcome {
    const { events, thread } = this;
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
