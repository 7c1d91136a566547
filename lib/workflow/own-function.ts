import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type FunctionProps,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { codeOf } from '../functions';
import { type Allowed, roleOf } from '../rights/role';

/** What one of the bundled functions has of its own. */
interface Own
  extends Pick<
    FunctionProps,
    | 'currentVersionOptions'
    | 'deadLetterQueue'
    | 'environment'
    | 'memorySize'
    | 'reservedConcurrentExecutions'
    | 'securityGroups'
    | 'timeout'
    | 'tracing'
    | 'vpc'
  > {
  /** Its bundle's, which is that of its step. */
  name: string;
  description?: string;
  logGroup: ILogGroup;
  /** Beside writing its log. @default nothing */
  allowed?: readonly Allowed[];
}

/** A bundled function and its role, under these ids. */
export function ownFunction(
  scope: Construct,
  ids: { function: string; role: string },
  { name, allowed = [], ...own }: Own,
): LambdaFunction {
  const role = roleOf(scope, ids.role, {
    service: 'lambda.amazonaws.com',
    description: `What ${name} may do`,
    allowed: [...allowed, { statement: writingTo(own.logGroup) }],
  });
  return new LambdaFunction(scope, ids.function, {
    ...own,
    // the newest that AWS Lambda has, as cdk-nag wants it
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: codeOf(name),
    handler: 'index.handler',
    role: role.withoutPolicyUpdates(),
  });
}

const writingTo = ({ logGroupArn }: ILogGroup) =>
  new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroupArn],
  });
