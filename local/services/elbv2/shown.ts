import type { Listener, LoadBalancer, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerRecord, LoadBalancerRecord, RuleRecord } from './state';

/** Where every load balancer answers; the port is that of its listener. */
export const DNS_NAME = '127.0.0.1';
/** The hosted zone id of load balancers in eu-west-1. */
export const HOSTED_ZONE = 'Z32O12XQLNTSW2';

export const shownLoadBalancer = ({
  arn,
  name,
  created,
  scheme,
  securityGroups,
}: LoadBalancerRecord): LoadBalancer => ({
  LoadBalancerArn: arn,
  DNSName: DNS_NAME,
  CanonicalHostedZoneId: HOSTED_ZONE,
  CreatedTime: created,
  LoadBalancerName: name,
  Scheme: scheme as 'internal',
  State: { Code: 'active' },
  Type: 'application',
  AvailabilityZones: [],
  SecurityGroups: securityGroups,
  IpAddressType: 'ipv4',
});

export const shownListener = ({ arn, loadBalancer, proxy, defaultRule }: ListenerRecord): Listener => ({
  ListenerArn: arn,
  LoadBalancerArn: loadBalancer.arn,
  Port: proxy.port,
  Protocol: proxy.protocol,
  DefaultActions: defaultRule.actions,
});

export const shownRule = ({ arn, priority, conditions, actions }: RuleRecord): Rule => ({
  RuleArn: arn,
  Priority: priority === undefined ? 'default' : String(priority),
  Conditions: conditions,
  Actions: actions,
  IsDefault: priority === undefined,
});

/** A load balancer as a template refers to it. */
export const loadBalancerResource = ({ arn, name, fullName }: LoadBalancerRecord) => ({
  ref: arn,
  attributes: {
    LoadBalancerArn: arn,
    LoadBalancerName: name,
    LoadBalancerFullName: fullName,
    DNSName: DNS_NAME,
    CanonicalHostedZoneID: HOSTED_ZONE,
  },
});
