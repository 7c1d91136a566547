import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import type { Execution, Outcome } from '../../asl';
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
  /** The last redrive; `token` is the client's, by which it may ask again. */
  redrive?: { count: number; at: number; token?: string };
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
