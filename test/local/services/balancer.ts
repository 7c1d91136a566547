import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { createCloudWatch } from '../../../local/services/cloudwatch';
import { createElbv2 } from '../../../local/services/elbv2';
import { manualClock } from '../manual-clock';
import { startOrigin, until } from '../proxy/origin';

const noFunctions = { invoke: () => Promise.reject(new Error('there is no function here')) };

export const hosts = (...Values: string[]) => [{ Field: 'host-header', HostHeaderConfig: { Values } }];
export const forward = (...weights: [string, number][]) => ({
  Type: 'forward',
  ForwardConfig: {
    TargetGroups: weights.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
  },
});

/** A load balancer with two listeners, which answer 404 by themselves, and four target groups; all by their ARNs. */
export async function startBalancer() {
  const clock = manualClock();
  const elb = createElbv2({ clock, metrics: createCloudWatch({ clock }), functions: noFunctions });
  const make = async (type: string, name: string, properties: object) =>
    (
      await elb.resources![`AWS::ElasticLoadBalancingV2::${type}`]!(properties, {
        ...{ logicalId: name, name: `stack-${name}`, metadata: {} },
      })
    ).ref;
  const group = (name: string) => make('TargetGroup', name, { TargetType: 'ip', Port: 8080 });
  const groups = {
    ...{ a: await group('a'), b: await group('b') },
    ...{ page: await group('page'), other: await group('other') },
  };
  const LoadBalancerArn = await make('LoadBalancer', 'lb', {});
  const nowhere = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };
  const listen = (name: string) =>
    make('Listener', name, { LoadBalancerArn, Port: 80, DefaultActions: [nowhere] });
  const [listener, another] = [await listen('one'), await listen('two')];
  const call = (operation: string, input: object) =>
    elb.operations[operation]!(input, { accessKeyId: 'test' }) as { Rules: Rule[] };
  const origin = await startOrigin('served');
  const target = { id: '127.0.0.1', port: origin.port };
  return {
    /** Gives a group a target, and waits until it is healthy; the rule that leads to the group has to be there. */
    async serve(group: string) {
      elb.register(group, target);
      await until('the target is healthy', () => elb.health(group, target) === 'healthy');
    },
    /** Those of every group that serves. */
    targets: [{ Id: target.id, Port: target.port }],
    ...{ elb, groups, listener, another, nowhere, call },
    /** Without the default rule. */
    rulesOn: (ListenerArn = listener) =>
      call('DescribeRules', { ListenerArn }).Rules.filter(({ IsDefault }) => !IsDefault),
    ruleOf: (rule: string) => call('DescribeRules', { RuleArns: [rule] }).Rules[0]!,
    weightsOf: (rule: string) =>
      call('DescribeRules', { RuleArns: [rule] }).Rules[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups?.map(
        ({ TargetGroupArn, Weight }) => [TargetGroupArn, Weight],
      ),
    async close() {
      await elb.close!();
      await origin.close();
    },
  };
}
export type Balancer = Awaited<ReturnType<typeof startBalancer>>;
