import { Token } from 'aws-cdk-lib';
import { type Connections, type IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationProtocol,
  ApplicationTargetGroup,
  type ITargetGroup,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { SLOTS, type Slot } from '../../src/domain/settings/choices';
import type { ServiceSettings } from '../../src/domain/settings/environments';
import { MaintenancePage } from '../held/maintenance-page';
import { Slots } from '../held/slots';
import { type ListenerRules, type TrafficProps, TrafficRules } from '../held/traffic-rule';
import { balancerOf, fullNameOf } from './arns';
import type { BlueGreenServiceProps } from './blue-green-props';
import { letAsk, letTasksIn } from './clients';
import { containerOf } from './containers';
import { refuseDeclared } from './declared';
import { DeployedService, type ServiceParts } from './deployed-service';
import { mustHave, OF_ADOPTION, OF_EVERY_SERVICE, OF_TRAFFIC } from './missing';
import type { ServiceSlot } from './service-props';
import { manifestsLocation, partsOf, settingsOf } from './service-settings';

/**
 * An Amazon ECS service behind an application load balancer in two slots, which trade the roles of blue and green: their Amazon ECS
 * services, target groups and listener rules, and the page of a maintenance window. A `DeploymentWorkflow` deploys it.
 */
export class BlueGreenService extends DeployedService implements IConnectable {
  /** How the workflow stores it for its steps, but for what `greenlight.json` says of its environment. */
  readonly settings: ServiceSettings;
  /** What the roles of the workflow may touch. */
  readonly parts: ServiceParts;
  /** Its two Amazon ECS services, and where they serve. */
  readonly slots: Record<Slot, ServiceSlot>;
  /** Whose weights the workflow moves. */
  readonly rules: ListenerRules;
  /** What users get in a maintenance window. */
  readonly page?: ITargetGroup;
  /** Of its tasks. */
  readonly connections: Connections;
  /** Where `greenlight bundle --s3` puts the releases' manifests. */
  readonly manifestsLocation: string;

  /** @throws Error for props that nothing can be made of; a `DeploymentWorkflow` throws for those that no service can be deployed by */
  constructor(scope: Construct, id: string, props: BlueGreenServiceProps) {
    super(scope, id);
    const { path } = this.node;
    mustHave(path, props, { ...OF_EVERY_SERVICE, ...OF_TRAFFIC, ...(props.adopt && OF_ADOPTION) });
    const { traffic, target, healthCheck, deregistrationDelay, targetProtocol, protocolVersion, ...some } =
      props;
    const { healthCheckGracePeriod, adopt, removalPolicy, maintenance, streams, ...common } = some;
    refuseOthers(path, props);
    const named = target?.containerName === undefined ? path : `${path}.target`;
    const container = containerOf(named, common.taskDefinition, target?.containerName);
    const containerPort = target?.containerPort ?? container.containerPort;
    const group = (slot: string) =>
      new ApplicationTargetGroup(this, `Targets${slot}`, {
        vpc: common.cluster.vpc,
        port: containerPort,
        protocol: targetProtocol ?? ApplicationProtocol.HTTP,
        protocolVersion,
        targetType: TargetType.IP,
        deregistrationDelay,
        healthCheck,
      });
    const targetGroups = { a: adopt?.targetGroup ?? group('A'), b: group('B') };
    const { retryAfter, page, concurrency, targetGroup: ownPage, ...closing } = maintenance ?? {};
    if (maintenance)
      this.page =
        ownPage ?? new MaintenancePage(this, 'Maintenance', { retryAfter, page, concurrency }).targetGroup;
    const rules = new TrafficRules(this, 'TrafficRules', { ...traffic, targetGroups, page: this.page });
    this.rules = rules;
    const made = new Slots(this, 'Slots', {
      ...{ ...common, healthCheckGracePeriod, adopt, removalPolicy, targetGroups, behind: rules },
      target: { containerName: container.containerName, containerPort },
    });
    const slot = (slot: Slot) => ({ ...made[slot], slot, targetGroup: targetGroups[slot] });
    this.slots = { a: slot('a'), b: slot('b') };
    this.connections = made.connections;

    const slots = SLOTS.map((slot) => this.slots[slot]);
    this.settings = settingsOf(this, common, {
      ...{ slots, streams, securityGroups: this.connections.securityGroups },
      traffic: trafficSettings(traffic, rules),
      maintenance: this.page && {
        targetGroup: this.page.targetGroupArn,
        targetGroupFullName: fullNameOf(this.page),
        ...closing,
      },
    });
    this.parts = partsOf(this, common, slots, [traffic.test.listener]);
    this.manifestsLocation = manifestsLocation(common);
    const { production, others = [], test } = traffic;
    if (!common.securityGroups)
      letAsk(
        this,
        Port.tcp(containerPort),
        [production, ...others, test].map(({ listener }) => listener),
      );
    letTasksIn(this, common);
  }
}

function trafficSettings(
  { production, test }: TrafficProps,
  rules: ListenerRules,
): ServiceSettings['traffic'] {
  const { arn, fullName } = balancerOf(production.listener);
  return {
    loadBalancer: arn,
    loadBalancerFullName: fullName,
    productionRule: rules.production,
    otherRules: rules.others,
    testListener: test.listener.listenerArn,
    testHost: test.host,
    testRule: rules.test,
  };
}

/** @throws Error for what cannot be adopted */
function refuseOthers(path: string, { adopt, traffic }: BlueGreenServiceProps): void {
  const name = adopt?.serviceName;
  refuseDeclared(`${path}.adopt.serviceName`, name, 'AWS::ECS::Service');
  if (name !== undefined && !Token.isUnresolved(name) && /[:/]/.test(name))
    throw new Error(
      `${path}.adopt.serviceName: expected the name of an Amazon ECS service, received ${name}`,
    );
  if (traffic.production.adopt !== undefined && !adopt)
    throw new Error(
      `${path}.adopt: expected the service that serves by ${traffic.production.adopt}, because a rule that is adopted leads to its target group`,
    );
}
