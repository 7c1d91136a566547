import type { Cloud } from './cloud';

/** What a user or another program needs in order to use a running cloud. */
export interface Summary {
  endpoint: string;
  region: string;
  caFile: string;
  workDir: string;
  pid: number;
  /** Logical id → type, Ref and attributes. */
  resources: Cloud['resources'];
  outputs: Cloud['outputs'];
  /** Where each listener really answers, by "<load balancer name>:<declared port>". */
  urls: Record<string, string>;
  databases: { identifier: string; host: string; port: number }[];
}

const ADMINISTRATOR = { accessKeyId: 'local' };

async function urlsOf({ services: { elbv2 } }: Cloud): Promise<Record<string, string>> {
  const urls: Record<string, string> = {};
  const { LoadBalancers = [] } = await elbv2.operations.DescribeLoadBalancers!({}, ADMINISTRATOR);
  for (const { LoadBalancerArn, LoadBalancerName } of LoadBalancers) {
    const { Listeners = [] } = await elbv2.operations.DescribeListeners!({ LoadBalancerArn }, ADMINISTRATOR);
    for (const [index, { Port }] of Listeners.entries()) {
      urls[`${LoadBalancerName}/${index}`] = `http://127.0.0.1:${Port}`;
    }
  }
  return urls;
}

async function databasesOf({ services: { rds } }: Cloud): Promise<Summary['databases']> {
  const { DBInstances = [] } = await rds.operations.DescribeDBInstances!({}, ADMINISTRATOR);
  return DBInstances.map(
    ({
      DBInstanceIdentifier,
      Endpoint,
    }: {
      DBInstanceIdentifier: string;
      Endpoint: { Address: string; Port: number };
    }) => ({
      identifier: DBInstanceIdentifier,
      host: Endpoint.Address,
      port: Endpoint.Port,
    }),
  );
}

export async function summaryOf(cloud: Cloud): Promise<Summary> {
  const { endpoint, region, caFile, workDir, resources, outputs } = cloud;
  const plain = Object.entries(resources).map(
    ([id, { type, ref, attributes }]) => [id, { type, ref, attributes }] as const,
  );
  return {
    endpoint,
    region,
    caFile,
    workDir,
    pid: process.pid,
    resources: Object.fromEntries(plain),
    outputs: { ...outputs },
    urls: await urlsOf(cloud),
    databases: await databasesOf(cloud),
  };
}

/** By which AWS's clients find the cloud, in the environment of a program. */
export const awsOf = ({ endpoint, region }: Summary): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
});

const SHOWN = [
  ['AWS::StepFunctions::StateMachine', 'state machine'],
  ['AWS::ECS::Cluster', 'cluster'],
  ['AWS::ECS::Service', 'service'],
  ['AWS::DynamoDB::Table', 'table'],
] as const;

/** The summary as text, with what runs beside the cloud said of itself, and with commands ready to paste: older AWS command lines take no endpoint from the environment, and would ask AWS. */
export function summaryText(summary: Summary, beside: readonly string[]): string {
  const { endpoint, resources, outputs, urls, databases } = summary;
  const of = (type: string) => Object.values(resources).filter((resource) => resource.type === type);
  const row = (label: string, value: string) => `  ${label.padEnd(16)}${value}`;
  const machine = of('AWS::StepFunctions::StateMachine')[0];
  const exported = Object.entries({
    ...awsOf(summary),
    ...(machine ? { STATE_MACHINE: machine.ref } : {}),
  }).map(([name, value]) => `${name}=${value}`);
  return [
    'the local cloud is ready',
    row('endpoint', endpoint),
    ...Object.entries(urls).map(([name, url]) => row('load balancer', `${url}  (${name})`)),
    ...databases.map(({ identifier, host, port }) => row('database', `${host}:${port}  (${identifier})`)),
    ...SHOWN.flatMap(([type, label]) => of(type).map(({ ref }) => row(label, ref))),
    ...Object.entries(outputs).map(([name, value]) => row('output', `${name} = ${value}`)),
    ...beside.map((said) => row('beside it', said)),
    '',
    'to look around:',
    `  export ${exported.join(' ')}`,
    '  aws --endpoint-url "$AWS_ENDPOINT_URL" rds describe-db-instances --query "DBInstances[].[DBInstanceIdentifier,DBInstanceStatus]"',
    '  aws --endpoint-url "$AWS_ENDPOINT_URL" elbv2 describe-target-groups --query "TargetGroups[].TargetGroupName"',
    ...(machine
      ? [
          '  aws --endpoint-url "$AWS_ENDPOINT_URL" stepfunctions list-executions --state-machine-arn "$STATE_MACHINE"',
        ]
      : []),
    ...(Object.keys(resources).length === 0 ? ['  npx cdk bootstrap', '  npx cdk deploy'] : []),
    '',
    'Ctrl-C ends it',
  ].join('\n');
}
