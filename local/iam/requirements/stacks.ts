import { passing, type Row, type Rows } from './requirement';

/** On "*", beside the role that CloudFormation is to work with. */
const withRole =
  (operation: string): Row =>
  ({ RoleARN }) => [
    { action: `cloudformation:${operation}`, resources: ['*'] },
    ...passing('cloudformation.amazonaws.com', [RoleARN]),
  ];

export const cloudformation: Rows = {
  prefix: 'cloudformation',
  operations: Object.fromEntries(
    ['CreateChangeSet', 'CreateStack', 'DeleteStack', 'RollbackStack', 'UpdateStack'].map((operation) => [
      operation,
      withRole(operation),
    ]),
  ),
};

export const sts: Rows = {
  prefix: 'sts',
  operations: {
    AssumeRole: ({ RoleArn }) => [{ action: 'sts:AssumeRole', resources: [RoleArn] }],
    // Source: AWS STS API Reference, GetCallerIdentity: "No permissions are required to perform this operation"
    GetCallerIdentity: () => [],
  },
};
