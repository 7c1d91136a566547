import * as scaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import * as events from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';

/** A client of any service: all are made and used alike. */
export interface AnyClient {
  send(command: unknown): Promise<Record<string, unknown>>;
  destroy(): void;
  config: {
    protocolSettings: Record<string, unknown>;
    httpAuthSchemeProvider(parameters: object): { signingProperties?: { name?: string } }[];
    protocol: { getShapeId(): string };
  };
}
type AnyClass = new (options: object) => AnyClient;

const packages: Record<string, readonly [sdk: object, client: unknown]> = {
  rds: [rds, rds.RDSClient],
  ecs: [ecs, ecs.ECSClient],
  elasticloadbalancing: [elb, elb.ElasticLoadBalancingV2Client],
  states: [sfn, sfn.SFNClient],
  dynamodb: [dynamodb, dynamodb.DynamoDBClient],
  secretsmanager: [secrets, secrets.SecretsManagerClient],
  events: [events, events.EventBridgeClient],
  sns: [sns, sns.SNSClient],
  monitoring: [cloudwatch, cloudwatch.CloudWatchClient],
  ssm: [ssm, ssm.SSMClient],
  ecr: [ecr, ecr.ECRClient],
  logs: [logs, logs.CloudWatchLogsClient],
  s3: [s3, s3.S3Client],
  lambda: [lambda, lambda.LambdaClient],
  scheduler: [scheduler, scheduler.SchedulerClient],
  cloudformation: [cloudformation, cloudformation.CloudFormationClient],
  sts: [sts, sts.STSClient],
  'application-autoscaling': [scaling, scaling.ApplicationAutoScalingClient],
};

/** The real SDK client of a service, pointed at `endpoint`, and the classes of its package. */
export function sdkOf(signingName: string, endpoint: string, options: object = {}) {
  const [sdk, Client] = packages[signingName] as [Record<string, AnyClass>, AnyClass];
  const credentials = { accessKeyId: 'tester', secretAccessKey: 'none' };
  const client = new Client({
    region: 'eu-west-1',
    endpoint,
    credentials,
    maxAttempts: 1,
    disableHostPrefix: true,
    ...options,
  });
  return { sdk, client };
}

/** Client options for the protocols that other CloudWatch clients use: query (older ones) and CBOR (newer ones). */
export const cloudWatchProtocols = {
  query: { protocol: AwsQueryProtocol },
  cbor: { protocol: AwsSmithyRpcV2CborProtocol },
};
