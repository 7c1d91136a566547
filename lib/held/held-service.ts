import { CustomResource, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type { FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { shown } from '../../src/domain/text/printable';
import type { ServiceOptions } from '../service/service-options';
import { ownFunction } from '../workflow/own-function';
import type { TrafficRules } from './traffic-rule';

/** An Amazon ECS service by its name. */
export interface HeldService {
  /** Known once the stack is deployed. */
  readonly serviceName: string;
  /** Known once the stack is deployed. */
  readonly serviceArn: string;
}

/** What is to be held, in the words of CreateService. */
export interface Held extends ServiceOptions {
  serviceName: string;
  /** ARN. */
  cluster: string;
  /** ARN. */
  taskDefinition: string;
  desiredCount: number;
  launchType?: 'FARGATE';
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: string[];
      securityGroups: string[];
      assignPublicIp: 'ENABLED' | 'DISABLED';
    };
  };
  loadBalancers?: { targetGroupArn: string; containerName: string; containerPort: number }[];
  healthCheckGracePeriodSeconds?: number;
}

/** How services behind a load balancer begin and end. */
export interface Fate<Id extends string> {
  /** What has to be there before them. */
  behind: TrafficRules;
  /** Does one that users are on stay when the stack goes? */
  stays: boolean;
  /** The one that is there already. */
  adopted?: Id;
}

/**
 * Services whose task definition and count the workflow sets. With any change of a service, be it a tag, CloudFormation sends
 * the template's own (https://github.com/aws/aws-cdk/issues/3919), which stops the live version or puts an old one in its
 * place. So the template does not declare them: a custom resource makes each service once, and an update changes all but
 * these two.
 * @param services by the ids of their resources
 */
export function holdServices<Id extends string>(
  scope: Construct,
  {
    cluster,
    taskDefinition,
    services,
    fate,
  }: {
    cluster: ICluster;
    taskDefinition: FargateTaskDefinition;
    services: Record<Id, Held>;
    /** Of a worker none: it is made, and goes with its stack. */
    fate?: Fate<NoInfer<Id>>;
  },
): Record<Id, HeldService> {
  const arnOf = (name: string) =>
    Stack.of(scope).formatArn({
      service: 'ecs',
      resource: 'service',
      resourceName: `${cluster.clusterName}/${name}`,
    });
  const all = Object.entries<Held>(services);
  const holder = holderOf(
    scope,
    taskDefinition,
    all.map(([, { serviceName }]) => arnOf(serviceName)),
    fate?.stays ?? false,
  );
  const stayWith = fate?.stays ? [fate.behind.production, ...fate.behind.others] : undefined;
  return Object.fromEntries(
    all.map(([id, service]) => {
      const resource = new CustomResource(scope, id, {
        serviceToken: holder.functionArn,
        resourceType: 'Custom::Slot',
        properties: {
          Service: Stack.of(scope).toJsonString(service),
          Adopt: fate?.adopted === id || undefined,
          StayWith: stayWith,
        },
      });
      resource.node.addDependency(...(fate ? [fate.behind] : []), holder);
      return [id, { serviceName: resource.ref, serviceArn: arnOf(resource.ref) }];
    }),
  ) as Record<Id, HeldService>;
}

/** @throws Error for what is no count of tasks @param path of the construct whose prop it is */
export function countOf(path: string, desiredCount: number): number {
  if (Token.isUnresolved(desiredCount) || (Number.isInteger(desiredCount) && desiredCount >= 0))
    return desiredCount;
  throw new Error(
    `${path}.desiredCount: expected a whole number of tasks, 0 or more, received ${shown(desiredCount)}`,
  );
}

const EVERY_RULE = 'elasticloadbalancing:DescribeRules: Elastic Load Balancing has no resource for it';

function holderOf(
  scope: Construct,
  taskDefinition: FargateTaskDefinition,
  services: string[],
  readsRules: boolean,
): LambdaFunction {
  const hold = new PolicyStatement({
    actions: [
      'CreateService',
      'DescribeServices',
      'UpdateService',
      'DeleteService',
      'TagResource',
      'UntagResource',
    ].map((action) => `ecs:${action}`),
    resources: services,
  });
  const passRoles = new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [taskDefinition.taskRole, taskDefinition.obtainExecutionRole()].map(({ roleArn }) => roleArn),
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  });
  const readRules = new PolicyStatement({
    actions: ['elasticloadbalancing:DescribeRules'],
    resources: ['*'],
  });
  return ownFunction(
    scope,
    { function: 'HoldSlot', role: 'HoldSlotRole' },
    {
      name: 'HoldSlot',
      description: 'Creates the service of a slot once and never changes its task definition and count',
      // as long as a function may take: the first version has to come up
      timeout: Duration.minutes(15),
      logGroup: new LogGroup(scope, 'HoldSlotLogs', {
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      allowed: [
        ...[hold, passRoles].map((statement) => ({ statement })),
        ...(readsRules ? [{ statement: readRules, because: { '*': EVERY_RULE } }] : []),
      ],
    },
  );
}
