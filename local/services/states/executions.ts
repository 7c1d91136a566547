import { ExecutionAlreadyExists, ExecutionDoesNotExist, type StartExecutionInput } from '@aws-sdk/client-sfn';
import { Execution, type Outcome } from '../../asl';
import type { Clock } from '../../clock';
import { arn } from '../../names';
import type { Emit, Functions, Metrics } from '../../service';
import { applyOutcome, type ExecutionRecord } from './execution-record';
import { lambdaTasks, type MayInvoke } from './lambda-task';
import { checkRedrivable } from './redrive';
import { startRequest } from './start-request';
import type { StateMachine } from './state-machine';
import { statusChange } from './status-change';

/** What of an execution is counted by its state machine. Source: AWS Step Functions Developer Guide, "Monitoring Step Functions metrics". */
const COUNTED: Record<string, string> = {
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

const $metadata = {};

/** Executions that have ended are forgotten with their names beyond so many, to bound memory; AWS keeps them for 90 days. */
const MOST_ENDED = 100;

export interface ExecutionDependencies {
  clock: Clock;
  emit: Emit;
  functions: Functions;
  /** @default nowhere */
  metrics?: Metrics;
  mayInvoke: MayInvoke;
}

/** The executions of all state machines, running and ended. */
export class Executions {
  readonly records = new Map<string, ExecutionRecord>();
  /** Every task token that was ever given out, and by which state machine. */
  readonly issuedTokens = new Map<string, string>();
  /** Those that are no executions of a machine that is there. */
  private readonly trials = new Set<Execution>();
  private closing = false;

  constructor(private readonly deps: ExecutionDependencies) {}

  /**
   * Starts an execution. The same name with the same input gives the one that is still running; otherwise a name is
   * taken for ever (on AWS for 90 days) and ExecutionAlreadyExists is thrown.
   */
  start(machine: StateMachine, request: StartExecutionInput): ExecutionRecord {
    const { name, input, value } = startRequest(request);
    const executionArn = arn('states', `execution:${machine.name}:${name}`);
    const existing = this.records.get(executionArn);
    if (existing) {
      if (existing.status === 'RUNNING' && existing.input === input) return existing;
      throw new ExecutionAlreadyExists({ message: `Execution Already Exists: '${executionArn}'`, $metadata });
    }
    const execution = this.interpreter(machine, name, executionArn, value);
    const record: ExecutionRecord = {
      arn: executionArn,
      name,
      input,
      machine,
      execution,
      startedAt: this.deps.clock.now(),
      status: 'RUNNING',
      ended: Promise.resolve(),
    };
    this.records.set(executionArn, record);
    record.ended = this.run(record, () => record.execution.run());
    return record;
  }

  /** Runs a machine that nobody finds afterwards, and tells its history. */
  async tryOut(
    machine: StateMachine,
    value: unknown,
  ): Promise<{ events: Execution['history']; outcome: Outcome }> {
    const execution = this.interpreter(
      machine,
      machine.name,
      arn('states', `express:${machine.name}`),
      value,
    );
    this.trials.add(execution);
    try {
      const outcome = await execution.run();
      return { events: execution.history, outcome };
    } finally {
      this.trials.delete(execution);
    }
  }

  /** Starts an ended execution again where it failed; throws ExecutionNotRedrivable. */
  redrive(record: ExecutionRecord, token?: string): void {
    if (token !== undefined && record.redrive?.token === token) return;
    const now = this.deps.clock.now();
    checkRedrivable(record, now);
    record.redrive = { count: (record.redrive?.count ?? 0) + 1, at: now, token };
    record.status = 'RUNNING';
    record.stoppedAt = record.error = record.cause = undefined;
    record.ended = this.run(record, () => record.execution.runAgain());
  }

  /** Throws ExecutionDoesNotExist. */
  find(executionArn: string | undefined): ExecutionRecord {
    const record = this.records.get(executionArn ?? '');
    if (record) return record;
    throw new ExecutionDoesNotExist({ message: `Execution Does Not Exist: '${executionArn}'`, $metadata });
  }

  /** Ends what still runs, without telling anybody: the cloud it ran in is going away. */
  async close(): Promise<void> {
    this.closing = true;
    const running = [...this.records.values()].filter(({ status }) => status === 'RUNNING');
    for (const { execution } of running) execution.stop();
    for (const trial of this.trials) trial.stop();
    await Promise.all(running.map(({ ended }) => ended));
  }

  private interpreter(machine: StateMachine, name: string, executionArn: string, input: unknown): Execution {
    const perform = lambdaTasks({ ...this.deps, roleArn: machine.roleArn, definition: machine.definition });
    return new Execution({
      definition: machine.definition,
      input,
      clock: this.deps.clock,
      perform: (request) => {
        if (request.taskToken) this.issuedTokens.set(request.taskToken, machine.arn);
        return perform(request);
      },
      context: {
        executionArn,
        name,
        roleArn: machine.roleArn,
        stateMachineArn: machine.arn,
        stateMachineName: machine.name,
      },
    });
  }

  private async run(record: ExecutionRecord, interpret: () => Promise<Outcome>): Promise<void> {
    const { emit, clock } = this.deps;
    emit(statusChange(record, clock.now()));
    this.count(record, 'ExecutionsStarted');
    const outcome = await interpret().catch((error): Outcome => {
      // a defect of the interpreter must be seen, not leave an execution running for ever
      return {
        status: 'FAILED',
        error: 'States.Runtime',
        cause: `defect of the interpreter: ${error?.stack}`,
      };
    });
    applyOutcome(record, outcome, clock.now());
    if (!this.closing) this.end(record);
    this.forget();
  }

  private end(record: ExecutionRecord): void {
    this.deps.emit(statusChange(record, this.deps.clock.now()));
    const counted = COUNTED[record.status];
    if (counted) this.count(record, counted);
    this.record(record, 'ExecutionTime', record.stoppedAt! - record.startedAt, 'Milliseconds');
  }

  private count = (record: ExecutionRecord, name: string) => this.record(record, name, 1, 'Count');

  private record({ machine }: ExecutionRecord, name: string, value: number, unit: string): void {
    const dimensions = { StateMachineArn: machine.arn };
    this.deps.metrics?.record({ namespace: 'AWS/States', name, dimensions, value, unit });
  }

  private forget(): void {
    const ended = [...this.records.values()]
      .filter(({ status }) => status !== 'RUNNING')
      .sort((one, other) => one.stoppedAt! - other.stoppedAt!);
    for (const record of ended.slice(0, -MOST_ENDED)) this.records.delete(record.arn);
  }
}
