import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Function as LambdaFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Ports, Scope } from '../../src/domain/step/port';
import { FUNCTION_TIMEOUT_SECONDS } from '../../src/domain/time/limits';
import { type KeysOf, usingKey, usingKeysOf } from '../rights/encryption';
import { statementsOf } from '../rights/grants';
import type { Allowed } from '../rights/role';
import type { Network } from './network';
import { ownFunction } from './own-function';

/** What becomes a function with a role of its own: a step, or what works beside the graph. */
export interface Deployed {
  name: string;
  comment?: string;
  ports: Ports;
  environment: Record<string, string>;
  reservedConcurrentExecutions?: number;
  /** For what it was called for by an event, and failed at for good. */
  deadLetterQueue?: IQueue;
}

/** What all of a workflow's functions share. */
export interface Shared extends Network {
  /** One for all, so that one query sees a whole deployment. */
  logGroup: ILogGroup;
  reach: Scope;
  /** Encrypts what belongs to the workflow. */
  key?: IKey;
  /** Those that encrypt what belongs to its services. */
  keys: KeysOf;
}

/** A step's namespace: `CheckGreen/Function` and `CheckGreen/Role`, which holds its grants and what Lambda itself needs. */
export class StepFunction extends Construct {
  readonly function: LambdaFunction;
  readonly inVpc: boolean;

  constructor(
    scope: Construct,
    { name, comment, ports, ...own }: Deployed,
    { vpc, securityGroups, logGroup, reach, key, keys }: Shared,
  ) {
    super(scope, name);
    this.inVpc = Object.values(ports).some((port) => port.inVpc);
    this.function = ownFunction(
      this,
      { function: 'Function', role: 'Role' },
      {
        name,
        description: comment,
        memorySize: 512,
        timeout: Duration.seconds(FUNCTION_TIMEOUT_SECONDS),
        tracing: Tracing.ACTIVE,
        logGroup,
        allowed: [
          ...statementsOf(ports, reach),
          traces(),
          ...(this.inVpc ? [networkInterfaces()] : []),
          ...(key ? [usingKey(this, key)] : []),
          ...usingKeysOf(this, ports, keys),
          ...(own.deadLetterQueue ? [sendingTo(own.deadLetterQueue)] : []),
        ],
        // executions may take days, so a version that is no longer the newest stays, but not one of an update that is rolled back
        currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
        ...own,
        ...(this.inVpc ? { vpc, securityGroups } : {}),
      },
    );
  }
}

const sendingTo = ({ queueArn }: IQueue): Allowed => ({
  statement: new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queueArn] }),
});

const traces = (): Allowed => ({
  statement: new PolicyStatement({
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resources: ['*'],
  }),
  because: { '*': 'AWS X-Ray has no resource for what it is sent (Service Authorization Reference)' },
});

/** A function in a VPC makes its own network interface. */
const networkInterfaces = (): Allowed => ({
  statement: new PolicyStatement({
    sid: 'NetworkInterfaces',
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  }),
  because: {
    '*': 'AWS Lambda makes the interfaces and names no resource for them (AWS Lambda Developer Guide, "VPC permissions")',
  },
});
