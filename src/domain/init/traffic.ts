import type { Found, FoundListener, FoundRule } from './found';
import type { Gaps } from './gaps';
import { call, groupOf, type Lines } from './lines';
import { code, written } from './source';

/** A listener and the rule of it by which users come; the rule is absent where it is the listener's default action. */
interface WayIn {
  listener: FoundListener;
  rule?: FoundRule;
}

/** Where users come: HTTPS before HTTP. */
export function waysIn({ balancer, group }: Found): WayIn[] {
  const listeners = [...(balancer?.listeners ?? [])].sort(
    (one, other) => other.protocol.localeCompare(one.protocol) || one.port - other.port,
  );
  return listeners.flatMap((listener) =>
    listener.rules
      .filter(({ groups }) => group && groups.includes(group.arn))
      .map((rule) => (rule.isDefault ? { listener } : { listener, rule })),
  );
}

/** A port that no listener has. */
const freePort = (listeners: readonly FoundListener[], wanted: number): number => {
  let port = wanted;
  while (listeners.some((one) => one.port === port)) port += 1;
  return port;
};

export function trafficOf(found: Found, lines: Lines, open: Gaps): object {
  const { balancer } = found;
  const [first, ...others] = waysIn(found);
  if (!balancer || !first)
    return {
      production: open.other(
        'traffic',
        'the listener where users come, and the ARN of the rule that serves them',
      ),
      test: open.other('traffic.test', 'a listener for tests'),
    };
  const [groupId] = balancer.securityGroups;
  const securityGroup = groupId
    ? groupOf(lines, groupId, 'balancerGroup')
    : open.other('load balancer', 'the security group of the load balancer');
  const imported = ({ arn, port }: FoundListener) =>
    lines.named(
      'users',
      arn,
      (id) =>
        `elb.ApplicationListener.fromApplicationListenerAttributes(this, ${id}, ${written({ listenerArn: arn, securityGroup, defaultPort: port }, '    ')})`,
    );
  const ruleOf = ({ listener, rule }: WayIn) => ({ listener: imported(listener), adopt: rule?.arn });
  const secure = first.listener.protocol === 'HTTPS';
  const [certificate] = first.listener.certificates;
  const load = lines.named(
    'balancer',
    balancer.arn,
    (id) =>
      `elb.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(this, ${id}, ${written({ loadBalancerArn: balancer.arn, securityGroupId: groupId ?? '' }, '    ')})`,
  );
  const tests = lines.named(
    'tests',
    'tests',
    (id) =>
      `new elb.ApplicationListener(this, ${id}, ${written(
        {
          loadBalancer: load,
          port: freePort(balancer.listeners, secure ? 8443 : 8080),
          protocol: code(`elb.ApplicationProtocol.${secure ? 'HTTPS' : 'HTTP'}`),
          ...(secure
            ? {
                certificates: [
                  certificate
                    ? call('elb.ListenerCertificate.fromArn', certificate)
                    : open.other('traffic.test', 'the certificate of the listener for tests'),
                ],
              }
            : {}),
          // green is asked by the functions of the workflow, which it is told of
          open: false,
          defaultAction: code('elb.ListenerAction.fixedResponse(404)'),
        },
        '    ',
      )})`,
  );
  const host = first.rule?.hosts.find((one) => !one.includes('*'));
  return {
    production: ruleOf(first),
    ...(others.length > 0 ? { others: others.map(ruleOf) } : {}),
    test: {
      listener: tests,
      ...(secure
        ? {
            host:
              host ?? open.text('traffic.test.host', 'a name that the certificate of the listener is for'),
          }
        : {}),
    },
  };
}
