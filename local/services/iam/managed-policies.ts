import type { Statement } from '../../iam/statements';

const WRITE_LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

const allow = (...Action: string[]): Statement => ({ Effect: 'Allow', Action, Resource: '*' });
const within = (statement: Statement, Resource: string): Statement => ({ ...statement, Resource });

/** What the policy says of the services that are here. Source: AWS Managed Policy Reference Guide, "ReadOnlyAccess". */
const READ_ONLY = [
  ...['acm:Describe*', 'acm:Get*', 'acm:List*', 'application-autoscaling:Describe*'],
  ...['cloudformation:Describe*', 'cloudformation:Detect*', 'cloudformation:EstimateTemplateCost'],
  ...['cloudformation:Get*', 'cloudformation:List*', 'cloudformation:ValidateTemplate'],
  ...['cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*'],
  ...['dynamodb:BatchGet*', 'dynamodb:Describe*', 'dynamodb:Get*', 'dynamodb:List*', 'dynamodb:Query'],
  ...['dynamodb:Scan', 'ec2:Describe*', 'ec2:Get*'],
  ...['ecr:BatchCheck*', 'ecr:BatchGet*', 'ecr:Describe*', 'ecr:Get*', 'ecr:List*'],
  ...['ecs:Describe*', 'ecs:List*', 'elasticloadbalancing:Describe*'],
  ...['events:Describe*', 'events:List*', 'events:Test*', 'iam:Generate*', 'iam:Get*', 'iam:List*'],
  ...['kms:Describe*', 'kms:Get*', 'kms:List*', 'lambda:Get*', 'lambda:List*'],
  ...['logs:Describe*', 'logs:FilterLogEvents', 'logs:Get*', 'rds:Describe*', 'rds:List*'],
  ...['s3:Describe*', 's3:Get*', 's3:List*', 'scheduler:Get*', 'scheduler:List*'],
  ...['secretsmanager:Describe*', 'secretsmanager:GetResourcePolicy', 'secretsmanager:List*'],
  ...['sns:Check*', 'sns:Get*', 'sns:List*', 'sqs:Get*', 'sqs:List*', 'sqs:Receive*'],
  ...['ssm:Describe*', 'ssm:Get*', 'ssm:List*', 'states:Describe*', 'states:GetExecutionHistory'],
  ...['states:List*', 'sts:GetCallerIdentity'],
];

const policies: Readonly<Record<string, Statement | readonly Statement[]>> = {
  AdministratorAccess: allow('*'),
  ReadOnlyAccess: allow(...READ_ONLY),
  AWSCloudFormationReadOnlyAccess: allow(
    ...READ_ONLY.filter((action) => action.startsWith('cloudformation:')),
  ),
  'service-role/AWSLambdaBasicExecutionRole': allow(...WRITE_LOGS),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow(
    ...WRITE_LOGS,
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ),
  'service-role/AmazonECSTaskExecutionRolePolicy': allow(
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
  'service-role/AmazonRDSEnhancedMonitoringRole': [
    within(allow('logs:CreateLogGroup', 'logs:PutRetentionPolicy'), 'arn:aws:logs:*:*:log-group:RDS*'),
    within(
      allow('logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:GetLogEvents'),
      'arn:aws:logs:*:*:log-group:RDS*:log-stream:*',
    ),
  ],
};

const PREFIX = 'arn:aws:iam::aws:policy/';

/**
 * The statements of a managed policy of AWS, by ARN.
 * @throws Error naming the policy when the local cloud does not have it
 */
export function awsManagedPolicy(arn: string): Statement[] {
  const found = policies[arn.slice(PREFIX.length)];
  if (!arn.startsWith(PREFIX) || !found) {
    const known = Object.keys(policies).join(', ');
    throw new Error(`the managed policy ${arn} is not known to the local cloud; it has ${known}`);
  }
  return [found].flat().map((statement) => ({ ...statement }));
}
