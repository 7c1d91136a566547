import type {
  DescribeExecutionOutput,
  DescribeStateMachineOutput,
  ExecutionListItem,
  StateMachineListItem,
} from '@aws-sdk/client-sfn';
import type { ExecutionRecord } from './execution-record';
import { redriveStatus } from './redrive';
import type { StateMachine } from './state-machine';

const date = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms));

export const listedMachine = (machine: StateMachine): StateMachineListItem => ({
  stateMachineArn: machine.arn,
  name: machine.name,
  type: 'STANDARD',
  creationDate: new Date(machine.createdAt),
});

export const describedMachine = (machine: StateMachine): Omit<DescribeStateMachineOutput, '$metadata'> => ({
  ...(listedMachine(machine) as Required<StateMachineListItem>),
  status: 'ACTIVE',
  definition: machine.text,
  roleArn: machine.roleArn,
  revisionId: machine.revisionId,
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
});

export const listedExecution = (
  record: ExecutionRecord,
): Required<Pick<ExecutionListItem, 'executionArn'>> & ExecutionListItem => ({
  executionArn: record.arn,
  stateMachineArn: record.machine.arn,
  name: record.name,
  status: record.status,
  startDate: new Date(record.startedAt),
  stopDate: date(record.stoppedAt),
  redriveCount: record.redrive?.count ?? 0,
  redriveDate: date(record.redrive?.at),
});

export const describedExecution = (
  record: ExecutionRecord,
  now: number,
): Omit<DescribeExecutionOutput, '$metadata'> => ({
  ...(listedExecution(record) as Required<ExecutionListItem>),
  stopDate: date(record.stoppedAt),
  redriveDate: date(record.redrive?.at),
  stateMachineVersionArn: undefined,
  stateMachineAliasArn: undefined,
  mapRunArn: undefined,
  input: record.input,
  inputDetails: { included: true },
  output: record.output,
  outputDetails: record.output === undefined ? undefined : { included: true },
  error: record.error,
  cause: record.cause,
  ...redriveStatus(record, now),
});
