import type { Statement } from '../../iam/statements';

const WRITE_LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

const allow = (...Action: string[]): Statement => ({ Effect: 'Allow', Action, Resource: '*' });
const within = (statement: Statement, Resource: string): Statement => ({ ...statement, Resource });

const policies: Readonly<Record<string, Statement | readonly Statement[]>> = {
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
