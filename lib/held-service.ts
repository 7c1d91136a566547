import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct, IDependable } from 'constructs';
import { codeOf } from './functions';
import type { ServiceOptions } from './service-options';

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
    awsvpcConfiguration: { subnets: string[]; securityGroups: string[]; assignPublicIp: 'DISABLED' };
  };
  loadBalancers?: { targetGroupArn: string; containerName: string; containerPort: number }[];
  healthCheckGracePeriodSeconds?: number;
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
    behind = [],
  }: {
    cluster: ICluster;
    taskDefinition: FargateTaskDefinition;
    services: Record<Id, Held>;
    /** What has to be there before them. */
    behind?: IDependable[];
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
  );
  return Object.fromEntries(
    all.map(([id, service]) => {
      const resource = new CustomResource(scope, id, {
        serviceToken: holder.functionArn,
        resourceType: 'Custom::Slot',
        properties: { Service: Stack.of(scope).toJsonString(service) },
      });
      resource.node.addDependency(...behind, holder);
      return [id, { serviceName: resource.ref, serviceArn: arnOf(resource.ref) }];
    }),
  ) as Record<Id, HeldService>;
}

function holderOf(
  scope: Construct,
  taskDefinition: FargateTaskDefinition,
  services: string[],
): LambdaFunction {
  const holder = new LambdaFunction(scope, 'HoldSlot', {
    description: 'Creates the service of a slot once and never changes its task definition and count',
    runtime: Runtime.NODEJS_22_X,
    architecture: Architecture.ARM_64,
    code: codeOf('HoldSlot'),
    handler: 'index.handler',
    // as long as a function may take: the first version has to come up
    timeout: Duration.minutes(15),
    logGroup: new LogGroup(scope, 'HoldSlotLogs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  });
  holder.addToRolePolicy(
    new PolicyStatement({
      actions: [
        'CreateService',
        'DescribeServices',
        'UpdateService',
        'DeleteService',
        'TagResource',
        'UntagResource',
      ].map((action) => `ecs:${action}`),
      resources: services,
    }),
  );
  holder.addToRolePolicy(
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [taskDefinition.taskRole, taskDefinition.obtainExecutionRole()].map(
        ({ roleArn }) => roleArn,
      ),
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
  );
  return holder;
}
