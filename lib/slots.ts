import type { CreateServiceCommandInput } from '@aws-sdk/client-ecs';
import { CustomResource, Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Connections, type IConnectable, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { ITargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, type IDependable } from 'constructs';
import type { Slot } from '../src/domain/settings/choices';
import { codeOf } from './functions';

export interface WorkerSlotProps {
  cluster: ICluster;
  /** What the first version runs as; each release is the newest revision of its family, with another image. */
  taskDefinition: FargateTaskDefinition;
  /** How many tasks the first version begins with. */
  desiredCount: number;
  /** Where tasks run; the VPC's private subnets by default. */
  subnets?: SubnetSelection;
  /**
   * Other members of a service. What is left out later stays as it was.
   * Source: Amazon ECS API Reference, CreateService and UpdateService.
   */
  options?: Omit<
    CreateServiceCommandInput,
    'serviceName' | 'desiredCount' | 'taskDefinition' | 'clientToken'
  >;
}

export interface SlotsProps extends WorkerSlotProps {
  targetGroups: Record<Slot, ITargetGroup>;
  /** What the target groups are on: Amazon ECS refuses one that no load balancer knows yet. */
  behind: IDependable;
  /** How long after its start a task may fail its health checks; 60 seconds by default. */
  healthCheckGracePeriod?: Duration;
}

/** One of a service's Amazon ECS services. */
export interface SlotService {
  readonly serviceName: string;
  readonly serviceArn: string;
}

/**
 * Amazon ECS services whose task definition and count the workflow sets. With any change of a service, be it a tag,
 * CloudFormation sends the template's own (https://github.com/aws/aws-cdk/issues/3919), which stops the live version or
 * puts an old one in its place. So the template does not declare them: a custom resource makes each service once, and an
 * update changes all but these two.
 */
abstract class Held extends Construct implements IConnectable {
  /** Of the tasks of all of them. */
  readonly connections: Connections;
  private readonly tasks: SecurityGroup;
  private readonly holder: LambdaFunction;

  /** @param ends what tells the services' names apart */
  protected constructor(
    scope: Construct,
    id: string,
    private readonly props: WorkerSlotProps,
    ends: readonly string[],
  ) {
    super(scope, id);
    this.tasks = new SecurityGroup(this, 'Tasks', { vpc: props.cluster.vpc });
    this.connections = new Connections({ securityGroups: [this.tasks] });
    this.holder = this.holderOf(ends.map((end) => this.arnOf(this.nameOf(end))));
  }

  /** Makes a service, in the words of CreateService. */
  protected hold(
    id: string,
    end: string,
    own: Partial<CreateServiceCommandInput>,
    behind?: IDependable,
  ): SlotService {
    const resource = new CustomResource(this, id, {
      serviceToken: this.holder.functionArn,
      resourceType: 'Custom::Slot',
      properties: { Service: Stack.of(this).toJsonString({ ...this.inputOf(this.nameOf(end)), ...own }) },
    });
    resource.node.addDependency(this.holder, ...(behind ? [behind] : []));
    return { serviceName: resource.ref, serviceArn: this.arnOf(resource.ref) };
  }

  private nameOf(end: string): string {
    return `${Names.uniqueResourceName(this, { maxLength: 253 })}${end}`;
  }

  private arnOf(name: string): string {
    return Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'service',
      resourceName: `${this.props.cluster.clusterName}/${name}`,
    });
  }

  private inputOf(serviceName: string): CreateServiceCommandInput {
    const { cluster, taskDefinition, desiredCount, subnets, options } = this.props;
    return {
      launchType: 'FARGATE',
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
      propagateTags: 'TASK_DEFINITION',
      ...options,
      cluster: cluster.clusterArn,
      serviceName,
      taskDefinition: taskDefinition.taskDefinitionArn,
      desiredCount,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: cluster.vpc.selectSubnets(subnets).subnetIds,
          securityGroups: [this.tasks.securityGroupId],
          assignPublicIp: 'DISABLED',
        },
      },
    };
  }

  private holderOf(services: string[]): LambdaFunction {
    const { taskDefinition } = this.props;
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

/** The two services of a service behind a load balancer; `b` begins without tasks. */
export class Slots extends Held {
  readonly a: SlotService;
  readonly b: SlotService;

  constructor(scope: Construct, id: string, props: SlotsProps) {
    super(scope, id, props, ['-a', '-b']);
    const { taskDefinition, targetGroups, healthCheckGracePeriod = Duration.seconds(60), behind } = props;
    const container = taskDefinition.defaultContainer;
    if (!container)
      throw new Error(`${taskDefinition.node.path}: expected a container, as the target of a slot`);
    const made = (slot: Slot) =>
      this.hold(
        slot.toUpperCase(),
        `-${slot}`,
        {
          ...(slot === 'b' && { desiredCount: 0 }),
          healthCheckGracePeriodSeconds: healthCheckGracePeriod.toSeconds(),
          loadBalancers: [
            {
              targetGroupArn: targetGroups[slot].targetGroupArn,
              containerName: container.containerName,
              containerPort: container.containerPort,
            },
          ],
        },
        behind,
      );
    this.a = made('a');
    this.b = made('b');
  }
}

/** The one service of a pure worker, which has no load balancer: its tasks are replaced in place. */
export class WorkerSlot extends Held {
  readonly service: SlotService;

  constructor(scope: Construct, id: string, props: WorkerSlotProps) {
    super(scope, id, props, ['']);
    this.service = this.hold('Service', '', {});
  }
}
