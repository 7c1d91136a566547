import { CfnResource, Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import { Connections, type IConnectable, type ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ITargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, type IConstruct } from 'constructs';
import type { Slot } from '../../src/domain/settings/choices';
import type { BlueGreenServiceProps } from '../service/blue-green-props';
import type { ServiceProps } from '../service/service-props';
import { countOf, type Fate, type Held, type HeldService, holdServices } from './held-service';
import type { TrafficRules } from './traffic-rule';

/** What services are made of, by the props of what they are the slots of. */
export type SlotProps = Pick<
  ServiceProps,
  | 'cluster'
  | 'taskDefinition'
  | 'desiredCount'
  | 'vpcSubnets'
  | 'securityGroups'
  | 'assignPublicIp'
  | 'options'
>;

/** What `Slots` run, and what they are behind. */
interface SlotsProps
  extends SlotProps,
    Pick<BlueGreenServiceProps, 'adopt' | 'removalPolicy' | 'healthCheckGracePeriod'> {
  targetGroups: Record<Slot, ITargetGroup>;
  /** What of the task definition is in the target groups. */
  target: { containerName: string; containerPort: number };
  /** The rules that lead to the target groups: Amazon ECS refuses one that no load balancer knows yet. */
  behind: TrafficRules;
}

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
    private readonly props: SlotProps,
  ) {
    super(scope, id);
    this.tasks = props.securityGroups ?? [new SecurityGroup(this, 'Tasks', { vpc: props.cluster.vpc })];
    this.connections = new Connections({ securityGroups: this.tasks });
  }

  /** The services by the ids of their resources: what ends each one's name, and what it has of its own. */
  protected hold<Id extends string>(
    services: Record<Id, { end: string; own?: Partial<Held> }>,
    fate?: Fate<NoInfer<Id>>,
  ): Record<Id, HeldService> {
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
    const { cluster, taskDefinition, desiredCount, vpcSubnets, assignPublicIp, options } = this.props;
    return {
      launchType: options?.capacityProviderStrategy ? undefined : 'FARGATE',
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
      propagateTags: 'TASK_DEFINITION',
      ...options,
      cluster: cluster.clusterArn,
      serviceName,
      taskDefinition: taskDefinition.taskDefinitionArn,
      desiredCount: countOf(this.node.scope?.node.path ?? '', desiredCount),
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: cluster.vpc.selectSubnets(vpcSubnets).subnetIds,
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
  readonly a: HeldService;
  /** Begins without tasks. */
  readonly b: HeldService;

  /** Two services, each made once. */
  constructor(scope: Construct, id: string, props: SlotsProps) {
    super(scope, id, props);
    const { targetGroups, target, healthCheckGracePeriod = Duration.seconds(60), behind, adopt } = props;
    const ownOf = (slot: Slot): Partial<Held> => ({
      healthCheckGracePeriodSeconds: healthCheckGracePeriod.toSeconds(),
      loadBalancers: [{ targetGroupArn: targetGroups[slot].targetGroupArn, ...target }],
    });
    const stays = (props.removalPolicy ?? (adopt && RemovalPolicy.RETAIN)) === RemovalPolicy.RETAIN;
    if (stays) this.retain([targetGroups.a, targetGroups.b]);
    const { A, B } = this.hold(
      {
        A: { end: '-a', own: { ...ownOf('a'), ...(adopt && { serviceName: adopt.serviceName }) } },
        B: { end: '-b', own: { ...ownOf('b'), desiredCount: 0 } },
      },
      { behind, stays, adopted: adopt && 'A' },
    );
    this.a = A;
    this.b = B;
  }
}

/** The one service of a pure worker, which has no load balancer: its tasks are replaced in place. */
export class WorkerSlot extends HeldSlots {
  /** Its tasks are replaced in place. */
  readonly service: HeldService;

  /** One service, made once. */
  constructor(scope: Construct, id: string, props: SlotProps) {
    super(scope, id, props);
    this.service = this.hold({ Service: { end: '' } }).Service;
  }
}
