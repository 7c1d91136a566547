import { ExecutionNotRedrivable, type ExecutionRedriveStatus } from '@aws-sdk/client-sfn';
import { LONGEST_HISTORY } from '../../asl';
import type { ExecutionRecord } from './execution-record';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long after its end an execution can be redriven. */
const REDRIVABLE_MS = 14 * DAY_MS;
/** How long an execution may take in all. */
const LONGEST_MS = 365 * DAY_MS;

/** Why an execution cannot be redriven at `now` (cloud time in ms), in the API reference's words; undefined when it can. */
function obstacle({ status, startedAt, stoppedAt, execution }: ExecutionRecord, now: number) {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven.`;
  // the redrive itself and the end that follows it must fit
  if (execution.history.length >= LONGEST_HISTORY - 1) return 'Execution history event limit exceeded.';
  if (now - startedAt > LONGEST_MS) return 'Execution has exceeded the max execution time.';
  if (now - stoppedAt! > REDRIVABLE_MS) return 'Execution redrivable period exceeded.';
  return undefined;
}

/** What DescribeExecution and status events say about redriving. */
export function redriveStatus(
  record: ExecutionRecord,
  now: number,
): { redriveStatus: ExecutionRedriveStatus; redriveStatusReason?: string } {
  const redriveStatusReason = obstacle(record, now);
  return redriveStatusReason === undefined
    ? { redriveStatus: 'REDRIVABLE' }
    : { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
}

/** Throws ExecutionNotRedrivable. */
export function checkRedrivable(record: ExecutionRecord, now: number): void {
  const message = obstacle(record, now);
  if (message !== undefined) throw new ExecutionNotRedrivable({ message, $metadata: {} });
}
