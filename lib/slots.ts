import { CfnResource, Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import {
  Connections,
  type IConnectable,
  type ISecurityGroup,
  SecurityGroup,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import type { FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { ITargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, type IConstruct } from 'constructs';
import type { Slot } from '../src/domain/settings/choices';
import { refuseDeclared } from './declared';
import { type Fate, type Held, type HeldService, holdServices } from './held-service';
import type { ServiceOptions } from './service-options';
import type { TrafficRules } from './traffic-rule';

/** What a `WorkerSlot` runs. */
export interface WorkerSlotProps {
  /** Its VPC is that of the tasks. */
  cluster: ICluster;
  /** What the first version runs as; each release is the newest revision of its family, with another image. */
  taskDefinition: FargateTaskDefinition;
  /** How many tasks the first version begins with; 0 where a deployment is to bring it. */
  desiredCount: number;
  /** Where tasks run. @default the VPC's private subnets */
  subnets?: SubnetSelection;
  /** Of the tasks. @default one of their own */
  securityGroups?: ISecurityGroup[];
  /** Do tasks get public addresses, as in a public subnet without a NAT gateway they have to? @default false */
  assignPublicIp?: boolean;
  /** Other members of a service. What is left out later stays as it was. @default Fargate, tags of the task definition */
  options?: ServiceOptions;
}

/** What `Slots` run, and what they are behind. */
export interface SlotsProps extends WorkerSlotProps {
  /** Of type `ip`, one for each slot. */
  targetGroups: Record<Slot, ITargetGroup>;
  /** The rules that lead to the target groups: Amazon ECS refuses one that no load balancer knows yet. */
  behind: TrafficRules;
  /**
   * Name of the Amazon ECS service of this cluster that serves today, in slot a's target group alone and by the container and the
   * port of `taskDefinition`. It becomes slot a as it is, with its tasks; nobody else may declare it any more, and it is never
   * deleted here.
   * @default slot a is made as slot b is
   */
  adopt?: string;
  /**
   * What becomes of the slots when the stack goes, or names them no longer. RETAIN: those that users are on stay with all that their
   * tasks need of this app (task definition with its roles, target groups, security groups), the other one is deleted. DESTROY:
   * both are deleted.
   * @default RemovalPolicy.RETAIN where a service is adopted, else RemovalPolicy.DESTROY
   */
  removalPolicy?: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY;
  /** How long after its start a task may fail its health checks. @default 60 seconds */
  healthCheckGracePeriod?: Duration;
}

/** One of a service's Amazon ECS services. */
export type SlotService = HeldService;

/**
 * Amazon ECS services whose task definition and count the workflow sets: a custom resource makes each once, and an update of the
 * stack changes all but these two.
 */
abstract class HeldSlots extends Construct implements IConnectable {
  /** Of the tasks of all of them. */
  readonly connections: Connections;
  private readonly tasks: ISecurityGroup[];

  protected constructor(
    scope: Construct,
    id: string,
    private readonly props: WorkerSlotProps,
  ) {
    super(scope, id);
    this.tasks = props.securityGroups ?? [new SecurityGroup(this, 'Tasks', { vpc: props.cluster.vpc })];
    this.connections = new Connections({ securityGroups: this.tasks });
  }

  /** The services by the ids of their resources: what ends each one's name, and what it has of its own. */
  protected hold<Id extends string>(
    services: Record<Id, { end: string; own?: Partial<Held> }>,
    fate?: Fate<NoInfer<Id>>,
  ): Record<Id, SlotService> {
    const { cluster, taskDefinition } = this.props;
    const held = Object.entries<{ end: string; own?: Partial<Held> }>(services).map(([id, { end, own }]) => [
      id,
      { ...this.inputOf(`${Names.uniqueResourceName(this, { maxLength: 253 })}${end}`), ...own },
    ]);
    return holdServices(this, { cluster, taskDefinition, services: Object.fromEntries(held), fate });
  }

  /** What belongs to this app and tasks cannot run without stays when the stack goes. */
  protected retain(others: IConstruct[]): void {
    for (const { node } of [this.props.taskDefinition, ...this.tasks, ...others])
      for (const part of node.findAll())
        if (CfnResource.isCfnResource(part)) part.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  private inputOf(serviceName: string): Held {
    const { cluster, taskDefinition, desiredCount, subnets, assignPublicIp, options } = this.props;
    return {
      launchType: options?.capacityProviderStrategy ? undefined : 'FARGATE',
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
          securityGroups: this.tasks.map(({ securityGroupId }) => securityGroupId),
          assignPublicIp: assignPublicIp ? 'ENABLED' : 'DISABLED',
        },
      },
    };
  }
}

/** The two services of a service behind a load balancer; `b` begins without tasks. */
export class Slots extends HeldSlots {
  /** Serves from the beginning. */
  readonly a: SlotService;
  /** Begins without tasks. */
  readonly b: SlotService;

  /** @throws Error for a task definition without a container, and for a service to adopt that the app declares */
  constructor(scope: Construct, id: string, props: SlotsProps) {
    super(scope, id, props);
    const {
      taskDefinition,
      targetGroups,
      healthCheckGracePeriod = Duration.seconds(60),
      behind,
      adopt,
    } = props;
    refuseDeclared(`${this.node.path}.adopt`, adopt, 'AWS::ECS::Service');
    const container = taskDefinition.defaultContainer;
    if (!container)
      throw new Error(`${taskDefinition.node.path}: expected a container, as the target of a slot`);
    const ownOf = (slot: Slot): Partial<Held> => ({
      healthCheckGracePeriodSeconds: healthCheckGracePeriod.toSeconds(),
      loadBalancers: [
        {
          targetGroupArn: targetGroups[slot].targetGroupArn,
          containerName: container.containerName,
          containerPort: container.containerPort,
        },
      ],
    });
    const adopted = adopt === undefined ? {} : { serviceName: adopt };
    const stays = (props.removalPolicy ?? (adopt && RemovalPolicy.RETAIN)) === RemovalPolicy.RETAIN;
    if (stays) this.retain([targetGroups.a, targetGroups.b]);
    const { A, B } = this.hold(
      {
        A: { end: '-a', own: { ...ownOf('a'), ...adopted } },
        B: { end: '-b', own: { ...ownOf('b'), desiredCount: 0 } },
      },
      { behind, stays, adopted: adopt === undefined ? undefined : 'A' },
    );
    this.a = A;
    this.b = B;
  }
}

/** The one service of a pure worker, which has no load balancer: its tasks are replaced in place. */
export class WorkerSlot extends HeldSlots {
  /** Its tasks are replaced in place. */
  readonly service: SlotService;

  /** One service, made once. */
  constructor(scope: Construct, id: string, props: WorkerSlotProps) {
    super(scope, id, props);
    this.service = this.hold({ Service: { end: '' } }).Service;
  }
}
