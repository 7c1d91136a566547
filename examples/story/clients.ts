import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServicesCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { RunningCloud } from './cloud';
import { bundleReleases } from './pipeline';

/** What the story asks AWS, in its own words. */
export interface Aws {
  readonly states: SFNClient;
  /** Where users reach the shop. */
  shopUrl(): Promise<string>;
  /** Percent of the traffic per target group, in the order of the rule; `page` is the maintenance page's, a function's. */
  weights(): Promise<{ targetGroup: string; percent: number; page: boolean }[]>;
  /** Runs v1's migrations as a task: nothing was ever deployed, so the database is empty. */
  prepareDatabase(): Promise<void>;
  /** Writes down which migrations each image brings, as a pipeline does. */
  bundleReleases(): Promise<void>;
  /** How many deployments hold a lock. */
  locks(): Promise<number>;
}

const POLL_MS = 200;
const IMAGES = join(__dirname, '..', 'images.json');

export function awsOf({ endpoint, outputs }: Pick<RunningCloud, 'endpoint' | 'outputs'>): Aws {
  const options = {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'story', secretAccessKey: 'story' },
  };
  const balancing = new ElasticLoadBalancingV2Client(options);
  const containers = new ECSClient(options);
  const tables = new DynamoDBClient(options);
  const output = (name: string) => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`the template has no output ${name}; the story needs it`);
    return value;
  };

  /** A task on its own goes into the same subnets as the services. */
  async function networkOf(cluster: string) {
    const { serviceArns } = await containers.send(new ListServicesCommand({ cluster }));
    const { services } = await containers.send(
      new DescribeServicesCommand({ cluster, services: serviceArns }),
    );
    return services?.[0]?.networkConfiguration;
  }

  async function stoppedTask(cluster: string, task: string) {
    for (;;) {
      const { tasks } = await containers.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
      if (tasks?.[0]?.lastStatus === 'STOPPED') return tasks[0];
      await setTimeout(POLL_MS);
    }
  }

  let functions: Promise<string[]> | undefined;
  async function functionGroups(): Promise<string[]> {
    const { TargetGroups = [] } = await balancing.send(new DescribeTargetGroupsCommand({}));
    return TargetGroups.filter(({ TargetType }) => TargetType === 'lambda').map(
      ({ TargetGroupArn = '' }) => TargetGroupArn,
    );
  }

  return {
    states: new SFNClient(options),
    async shopUrl() {
      const [listeners, balancers] = await Promise.all([
        balancing.send(new DescribeListenersCommand({ ListenerArns: [output('ProductionListenerArn')] })),
        balancing.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [output('LoadBalancerArn')] })),
      ]);
      return `http://${balancers.LoadBalancers?.[0]?.DNSName}:${listeners.Listeners?.[0]?.Port}`;
    },
    async weights() {
      const { Rules } = await balancing.send(
        new DescribeRulesCommand({ RuleArns: [output('TrafficRuleArn')] }),
      );
      const groups = Rules?.[0]?.Actions?.flatMap((action) => action.ForwardConfig?.TargetGroups ?? []) ?? [];
      functions ??= functionGroups();
      const pages = await functions;
      const sum = groups.reduce((total, { Weight = 0 }) => total + Weight, 0) || 1;
      return groups.map(({ TargetGroupArn = '', Weight = 0 }) => ({
        targetGroup: TargetGroupArn,
        percent: Math.round((Weight / sum) * 100),
        page: pages.includes(TargetGroupArn),
      }));
    },
    async prepareDatabase() {
      const cluster = output('ClusterArn');
      const { tasks, failures } = await containers.send(
        new RunTaskCommand({
          cluster,
          taskDefinition: 'shop-migration',
          networkConfiguration: await networkOf(cluster),
          overrides: { containerOverrides: [{ name: 'shop', command: ['node', 'migrate.mjs', 'up'] }] },
        }),
      );
      const started = tasks?.[0]?.taskArn;
      if (!started) throw new Error(`the first migration did not start: ${failures?.[0]?.reason}`);
      const { containers: ended, stoppedReason } = await stoppedTask(cluster, started);
      if (ended?.[0]?.exitCode !== 0)
        throw new Error(`the first migration failed with ${ended?.[0]?.exitCode}: ${stoppedReason}`);
    },
    bundleReleases: () =>
      bundleReleases({ aws: options, images: IMAGES, location: output('ManifestsLocation') }),
    async locks() {
      const { Items = [] } = await tables.send(
        new ScanCommand({
          TableName: output('JournalTable'),
          FilterExpression: 'sk = :lock AND attribute_exists(holder)',
          ExpressionAttributeValues: { ':lock': { S: 'lock' } },
          ConsistentRead: true,
        }),
      );
      return Items.length;
    },
  };
}
