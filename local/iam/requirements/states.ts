import { passing, type Row, type Rows } from './requirement';

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

/**
 * The answer to a task is asked for on the state machine that waits for it. The Service Authorization Reference names no resource,
 * but AWS refuses with the machine's ARN (https://github.com/NOAA-OWP/hydrovis/issues/837), and it was tried on AWS that a policy
 * for the machine is enough (https://github.com/aws/aws-cdk/pull/8486).
 */
const answer =
  (action: string): Row =>
  ({ taskToken = '' }, lookups) => [
    { action: `states:${action}`, resources: [lookups.machineOf(taskToken) ?? '*'] },
  ];

export const states: Rows = {
  prefix: 'states',
  operations: {
    ...Object.fromEntries(Object.entries(RESOURCE_MEMBER).map(([name, member]) => [name, row(name, member)])),
    SendTaskFailure: answer('SendTaskFailure'),
    SendTaskHeartbeat: answer('SendTaskHeartbeat'),
    SendTaskSuccess: answer('SendTaskSuccess'),
    TestState: ({ roleArn }) => [
      { action: 'states:TestState', resources: ['*'] },
      ...passing('states.amazonaws.com', [roleArn]),
    ],
  },
};
