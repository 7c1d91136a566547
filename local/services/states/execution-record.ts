import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import type { Execution, Outcome } from '../../asl';
import type { CloudEvent } from '../../service';
import type { StateMachine } from './state-machine';

/** An execution and how it stands; it stays after its end. */
export interface ExecutionRecord {
  arn: string;
  name: string;
  /** As given: JSON text. */
  input: string;
  machine: StateMachine;
  startedAt: number;
  execution: Execution;
  /** Resolves when the execution has ended and its record says so. */
  ended: Promise<void>;
  status: ExecutionStatus;
  stoppedAt?: number;
  output?: string;
  error?: string;
  cause?: string;
}

export function applyOutcome(record: ExecutionRecord, outcome: Outcome, now: number): void {
  record.status = outcome.status;
  record.stoppedAt = now;
  if (outcome.status === 'SUCCEEDED') record.output = JSON.stringify(outcome.output);
  if (outcome.status === 'FAILED' || outcome.status === 'ABORTED') {
    record.error = outcome.error;
    record.cause = outcome.cause;
  }
}

/** The event that Step Functions sends at the start and at the end of an execution. */
export function statusChange(record: ExecutionRecord): CloudEvent {
  return {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [record.arn],
    detail: {
      executionArn: record.arn,
      stateMachineArn: record.machine.arn,
      name: record.name,
      status: record.status,
      startDate: record.startedAt,
      stopDate: record.stoppedAt ?? null,
      input: record.input,
      output: record.output ?? null,
      inputDetails: { included: true },
      outputDetails: record.output === undefined ? null : { included: true },
      error: record.error ?? null,
      cause: record.cause ?? null,
    },
  };
}
