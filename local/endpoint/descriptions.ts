import type { StaticErrorSchema, StaticOperationSchema } from '@smithy/types';

/** How a service's clients write requests by default; CloudWatch is understood in all three. */
export type Protocol = 'query' | 'json1.0' | 'json1.1' | 'restXml' | 'restJson1';

/** What the wire has to know of one AWS service; the schemas come from the SDK package of its client. */
export interface Description {
  readonly signingName: string;
  readonly protocol: Protocol;
  /** The part of `X-Amz-Target` before the dot, and the service of an rpc-v2-cbor path. */
  readonly target: string;
  /** API version, the `Version` parameter of the query protocol. */
  readonly version: string;
  /** Smithy namespace of the shapes. */
  readonly namespace: string;
  readonly xmlNamespace: string;
  /** Once a query service: errors also carry their query code in the `x-amzn-query-error` header. */
  readonly queryCompatible: boolean;
  readonly operations: ReadonlyMap<string, StaticOperationSchema>;
  readonly errors: ReadonlyMap<string, StaticErrorSchema>;
}

type Row = readonly [protocol: Protocol, target: string, version: string, namespace: string, xml: string];

/**
 * These constants are also in each client's configuration, but only semi-publicly (`protocolSettings`);
 * a test holds the two together, so an SDK update that moves one is noticed.
 */
const ROWS: Record<string, Row> = {
  rds: ['query', 'AmazonRDSv19', '2014-10-31', 'rds', 'http://rds.amazonaws.com/doc/2014-10-31/'],
  ecs: [
    'json1.1',
    'AmazonEC2ContainerServiceV20141113',
    '2014-11-13',
    'ecs',
    'http://ecs.amazonaws.com/doc/2014-11-13/',
  ],
  elasticloadbalancing: [
    'query',
    'ElasticLoadBalancing_v10',
    '2015-12-01',
    'elasticloadbalancingv2',
    'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  ],
  states: ['json1.0', 'AWSStepFunctions', '2016-11-23', 'sfn', 'http://swf.amazonaws.com/doc/2015-07-20/'],
  dynamodb: [
    'json1.0',
    'DynamoDB_20120810',
    '2012-08-10',
    'dynamodb',
    'http://dynamodb.amazonaws.com/doc/2012-08-10/',
  ],
  secretsmanager: ['json1.1', 'secretsmanager', '2017-10-17', 'secretsmanager', ''],
  events: ['json1.1', 'AWSEvents', '2015-10-07', 'eventbridge', 'http://events.amazonaws.com/doc/2015-10-07'],
  sns: [
    'query',
    'AmazonSimpleNotificationService',
    '2010-03-31',
    'sns',
    'http://sns.amazonaws.com/doc/2010-03-31/',
  ],
  monitoring: [
    'json1.0',
    'GraniteServiceVersion20100801',
    '2010-08-01',
    'cloudwatch',
    'http://monitoring.amazonaws.com/doc/2010-08-01/',
  ],
  ssm: ['json1.1', 'AmazonSSM', '2014-11-06', 'ssm', 'http://ssm.amazonaws.com/doc/2014-11-06/'],
  ecr: [
    'json1.1',
    'AmazonEC2ContainerRegistry_V20150921',
    '2015-09-21',
    'ecr',
    'http://ecr.amazonaws.com/doc/2015-09-21/',
  ],
  logs: [
    'json1.1',
    'Logs_20140328',
    '2014-03-28',
    'cloudwatchlogs',
    'http://monitoring.amazonaws.com/doc/2014-03-28/',
  ],
  lambda: ['restJson1', 'AWSGirApiService', '2015-03-31', 'lambda', ''],
  scheduler: ['restJson1', 'AWSChronosService', '2021-06-30', 'scheduler', ''],
  s3: ['restXml', 'AmazonS3', '2006-03-01', 's3', 'http://s3.amazonaws.com/doc/2006-03-01/'],
  cloudformation: [
    'query',
    'CloudFormation',
    '2010-05-15',
    'cloudformation',
    'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  ],
  sts: [
    'query',
    'AWSSecurityTokenServiceV20110615',
    '2011-06-15',
    'sts',
    'https://sts.amazonaws.com/doc/2011-06-15/',
  ],
  'application-autoscaling': [
    'json1.1',
    'AnyScaleFrontendService',
    '2016-02-06',
    'applicationautoscaling',
    '',
  ],
};

/** Imported on demand: all together cost most of a second and 100 MB. */
const PACKAGES: Record<string, () => Promise<object>> = {
  rds: () => import('@aws-sdk/client-rds'),
  ecs: () => import('@aws-sdk/client-ecs'),
  elasticloadbalancing: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  states: () => import('@aws-sdk/client-sfn'),
  dynamodb: () => import('@aws-sdk/client-dynamodb'),
  secretsmanager: () => import('@aws-sdk/client-secrets-manager'),
  events: () => import('@aws-sdk/client-eventbridge'),
  sns: () => import('@aws-sdk/client-sns'),
  monitoring: () => import('@aws-sdk/client-cloudwatch'),
  ssm: () => import('@aws-sdk/client-ssm'),
  ecr: () => import('@aws-sdk/client-ecr'),
  logs: () => import('@aws-sdk/client-cloudwatch-logs'),
  lambda: () => import('@aws-sdk/client-lambda'),
  scheduler: () => import('@aws-sdk/client-scheduler'),
  s3: () => import('@aws-sdk/client-s3'),
  cloudformation: () => import('@aws-sdk/client-cloudformation'),
  sts: () => import('@aws-sdk/client-sts'),
  'application-autoscaling': () => import('@aws-sdk/client-application-auto-scaling'),
};

/** Signing names of all services the endpoint can speak for. */
export const signingNames: readonly string[] = Object.keys(ROWS);

const OPERATION = 9;
const ERROR = -3;
/** Namespace of the packages' own base exceptions, which no service answers with. */
const BASE_CLASS = 'smithy.ts.sdk.synthetic';

/**
 * The description of a service by its signing name ("rds", "monitoring", ...).
 * @throws Error when the endpoint has no description of that service
 */
export async function describe(signingName: string): Promise<Description> {
  const row = ROWS[signingName];
  const load = PACKAGES[signingName];
  if (!row || !load) {
    throw new Error(`the endpoint cannot speak for ${signingName}; it knows ${signingNames.join(', ')}`);
  }
  const [protocol, target, version, namespace, xmlNamespace] = row;
  const operations = new Map<string, StaticOperationSchema>();
  const errors = new Map<string, StaticErrorSchema>();
  for (const exported of Object.values(await load())) {
    if (!Array.isArray(exported)) continue;
    if (exported[0] === OPERATION) operations.set(exported[2], exported as StaticOperationSchema);
    if (exported[0] === ERROR && !exported[1].startsWith(BASE_CLASS))
      errors.set(exported[2], exported as StaticErrorSchema);
  }
  return {
    signingName,
    protocol,
    target,
    version,
    namespace: `com.amazonaws.${namespace}`,
    xmlNamespace,
    queryCompatible: signingName === 'monitoring',
    operations,
    errors,
  };
}
