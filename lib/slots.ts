import type { CreateServiceCommandInput } from '@aws-sdk/client-ecs';
import { CustomResource, Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Connections, type IConnectable, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { ITargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, type IDependable } from 'constructs';
import { SLOTS, type Slot } from '../src/domain/settings/choices';
import { codeOf } from './functions';

export interface SlotsProps {
  cluster: ICluster;
  /** What the first version runs as; each release is the newest revision of its family, with another image. */
  taskDefinition: FargateTaskDefinition;
  targetGroups: Record<Slot, ITargetGroup>;
  /** How many tasks slot `a` begins with; `b` begins with none. */
  desiredCount: number;
  /** What the target groups are on: Amazon ECS refuses one that no load balancer knows yet. */
  behind: IDependable;
  /** Where tasks run; the VPC's private subnets by default. */
  subnets?: SubnetSelection;
  /** How long after its start a task may fail its health checks; 60 seconds by default. */
  healthCheckGracePeriod?: Duration;
  /**
   * Other members of a service. What is left out later stays as it was.
   * Source: Amazon ECS API Reference, CreateService and UpdateService.
   */
  options?: Omit<
    CreateServiceCommandInput,
    'serviceName' | 'desiredCount' | 'taskDefinition' | 'clientToken'
  >;
}

/** One of a service's two Amazon ECS services. */
export interface SlotService {
  readonly serviceName: string;
  readonly serviceArn: string;
}

/**
 * The two Amazon ECS services whose task definition and count the workflow sets. With any change of a service, be it a tag,
 * CloudFormation sends the template's own (https://github.com/aws/aws-cdk/issues/3919), which stops the live version or
 * puts an old one in its place. So the template does not declare them: a custom resource makes each service once, and an
 * update changes all but these two.
 */
export class Slots extends Construct implements IConnectable {
  readonly a: SlotService;
  readonly b: SlotService;
  /** Of the tasks in both slots. */
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: SlotsProps) {
    super(scope, id);
    const { cluster, taskDefinition } = props;
    const tasks = new SecurityGroup(this, 'Tasks', { vpc: cluster.vpc });
    this.connections = new Connections({ securityGroups: [tasks] });
    const nameOf = (slot: Slot) => `${Names.uniqueResourceName(this, { maxLength: 253 })}-${slot}`;
    const holder = this.holderOf(
      taskDefinition,
      SLOTS.map((slot) => this.arnOf(cluster, nameOf(slot))),
    );
    const made = (slot: Slot): SlotService => {
      const resource = new CustomResource(this, slot.toUpperCase(), {
        serviceToken: holder.functionArn,
        resourceType: 'Custom::Slot',
        properties: { Service: Stack.of(this).toJsonString(inputOf(slot, nameOf(slot), tasks, props)) },
      });
      resource.node.addDependency(props.behind, holder);
      return { serviceName: resource.ref, serviceArn: this.arnOf(cluster, resource.ref) };
    };
    this.a = made('a');
    this.b = made('b');
  }

  private arnOf(cluster: ICluster, name: string): string {
    return Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'service',
      resourceName: `${cluster.clusterName}/${name}`,
    });
  }

  private holderOf(taskDefinition: FargateTaskDefinition, services: string[]): LambdaFunction {
    const holder = new LambdaFunction(this, 'HoldSlot', {
      description: 'Creates the service of a slot once and never changes its task definition and count',
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      code: codeOf('HoldSlot'),
      handler: 'index.handler',
      // as long as a function may take: the first version has to come up
      timeout: Duration.minutes(15),
      logGroup: new LogGroup(this, 'HoldSlotLogs', {
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
}

/** The service of a slot, in the words of CreateService. */
function inputOf(
  slot: Slot,
  serviceName: string,
  tasks: SecurityGroup,
  {
    cluster,
    taskDefinition,
    targetGroups,
    desiredCount,
    subnets,
    healthCheckGracePeriod,
    options,
  }: SlotsProps,
): CreateServiceCommandInput {
  const container = taskDefinition.defaultContainer;
  if (!container)
    throw new Error(`${taskDefinition.node.path}: expected a container, as the target of a slot`);
  return {
    launchType: 'FARGATE',
    deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
    propagateTags: 'TASK_DEFINITION',
    ...options,
    cluster: cluster.clusterArn,
    serviceName,
    taskDefinition: taskDefinition.taskDefinitionArn,
    desiredCount: slot === 'a' ? desiredCount : 0,
    healthCheckGracePeriodSeconds: (healthCheckGracePeriod ?? Duration.seconds(60)).toSeconds(),
    loadBalancers: [
      {
        targetGroupArn: targetGroups[slot].targetGroupArn,
        containerName: container.containerName,
        containerPort: container.containerPort,
      },
    ],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: cluster.vpc.selectSubnets(subnets).subnetIds,
        securityGroups: [tasks.securityGroupId],
        assignPublicIp: 'DISABLED',
      },
    },
  };
}
