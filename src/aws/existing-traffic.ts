import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  type Listener,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { FoundBalancer, FoundGroup, FoundListener } from '../domain/init/found';

const groupsOf = ({ Actions = [] }: Pick<Rule, 'Actions'>): string[] => [
  ...new Set(
    Actions.flatMap(({ TargetGroupArn, ForwardConfig }) => [
      ...(TargetGroupArn ? [TargetGroupArn] : []),
      ...(ForwardConfig?.TargetGroups ?? []).flatMap((one) => one.TargetGroupArn ?? []),
    ]),
  ),
];

const hostsOf = ({ Conditions = [] }: Rule): string[] =>
  Conditions.flatMap(({ Field, Values, HostHeaderConfig }) =>
    Field === 'host-header' ? (HostHeaderConfig?.Values ?? Values ?? []) : [],
  );

/** Elastic Load Balancing's side: the target group, and the load balancer with its listeners and their rules. */
export async function trafficOf(arn: string): Promise<{ group?: FoundGroup; balancer?: FoundBalancer }> {
  const elb = new ElasticLoadBalancingV2Client({});
  const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
  const [found] = TargetGroups ?? [];
  if (!found) return {};
  const { Attributes = [] } = await elb.send(
    new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }),
  );
  const delay = Attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')?.Value;
  const group: FoundGroup = {
    arn,
    vpc: found.VpcId ?? '',
    protocol: found.Protocol ?? 'HTTP',
    protocolVersion: found.ProtocolVersion,
    path: found.HealthCheckPath,
    codes: found.Matcher?.HttpCode,
    interval: found.HealthCheckIntervalSeconds,
    timeout: found.HealthCheckTimeoutSeconds,
    healthy: found.HealthyThresholdCount,
    unhealthy: found.UnhealthyThresholdCount,
    deregistrationSeconds: delay === undefined ? undefined : Number(delay),
  };
  const [balancerArn] = found.LoadBalancerArns ?? [];
  if (!balancerArn) return { group };
  const { LoadBalancers } = await elb.send(
    new DescribeLoadBalancersCommand({ LoadBalancerArns: [balancerArn] }),
  );
  const [balancer] = LoadBalancers ?? [];
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: balancerArn }));
  return {
    group,
    balancer: {
      arn: balancerArn,
      type: balancer?.Type ?? 'application',
      securityGroups: balancer?.SecurityGroups ?? [],
      zones: Object.fromEntries(
        (balancer?.AvailabilityZones ?? []).map(({ SubnetId = '', ZoneName = '' }) => [SubnetId, ZoneName]),
      ),
      listeners: await Promise.all(Listeners.map((one) => listenerOf(elb, one))),
    },
  };
}

async function listenerOf(elb: ElasticLoadBalancingV2Client, listener: Listener): Promise<FoundListener> {
  const { ListenerArn = '', Port = 0, Protocol = 'HTTP', Certificates = [] } = listener;
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
  return {
    arn: ListenerArn,
    port: Port,
    protocol: Protocol,
    certificates: Certificates.flatMap(({ CertificateArn }) => CertificateArn ?? []),
    rules: Rules.map((rule) => ({
      arn: rule.RuleArn ?? '',
      isDefault: rule.IsDefault ?? false,
      hosts: hostsOf(rule),
      groups: groupsOf(rule),
    })),
  };
}
