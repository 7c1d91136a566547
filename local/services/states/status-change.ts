import type { CloudEvent } from '../../service';
import type { ExecutionRecord } from './execution-record';
import { redriveStatus } from './redrive';

/** The event that Step Functions sends at the start, at the end and at a redrive of an execution. */
export function statusChange(record: ExecutionRecord, now: number): CloudEvent {
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
      redriveCount: record.redrive?.count ?? 0,
      redriveDate: record.redrive?.at ?? null,
      redriveStatusReason: null,
      ...redriveStatus(record, now),
    },
  };
}
