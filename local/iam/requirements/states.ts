import type { Row, Rows } from './requirement';

/** SendTaskSuccess and its siblings are not here: IAM knows no resource for them, they need "*". */
const RESOURCE_MEMBER: Record<string, string> = {
  DescribeExecution: 'executionArn',
  DescribeStateMachine: 'stateMachineArn',
  DescribeStateMachineForExecution: 'executionArn',
  GetExecutionHistory: 'executionArn',
  ListExecutions: 'stateMachineArn',
  RedriveExecution: 'executionArn',
  StartExecution: 'stateMachineArn',
  StopExecution: 'executionArn',
  UpdateStateMachine: 'stateMachineArn',
};

const row =
  (action: string, member: string): Row =>
  (i) => [{ action: `states:${action}`, resources: i[member] === undefined ? [] : [i[member]] }];

export const states: Rows = {
  prefix: 'states',
  operations: Object.fromEntries(
    Object.entries(RESOURCE_MEMBER).map(([name, member]) => [name, row(name, member)]),
  ),
};
