import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { GroupSeen } from '../domain/doctor/traffic';
import { rulesIn } from '../domain/settings/rules';
import type { Settings } from '../domain/settings/settings';
import type { Port } from '../domain/step/port';
import { PLACES, type Place, saidByAll, type WeightsRead } from '../domain/traffic/weights';
import { describeRules, groupOf, readIn, readRules } from './traffic';

/** Elastic Load Balancing's words for a rule, or a target group, that is not there. */
const NOT_THERE = ['RuleNotFoundException', 'TargetGroupNotFoundException'];
function absent(error: unknown): undefined {
  if (NOT_THERE.includes((error as Error).name)) return undefined;
  throw error;
}

export interface TrafficExaminer {
  /** What the production and the test rule say, each of them strange where it is not there. */
  rules(settings: Settings): Promise<{ production: WeightsRead; test: WeightsRead }>;
  /** The target groups of the places that a service has; one that is not there is absent. */
  groups(settings: Settings): Promise<Partial<Record<Place, GroupSeen>>>;
}

export const trafficExaminer: Port<TrafficExaminer> = {
  grants: [
    readRules,
    {
      sid: 'ReadTargetGroups',
      actions: ['elasticloadbalancing:DescribeTargetGroups'],
      on: '*',
      where: 'rules',
    },
  ],
  open() {
    const elb = new ElasticLoadBalancingV2Client({});
    const says = async (settings: Settings, rules: string[]): Promise<WeightsRead> => {
      const found = await Promise.all(rules.map((rule) => describeRules(elb, [rule]).catch(absent)));
      const missing = rules.find((_, index) => !found[index]);
      return missing
        ? { strange: `the rule ${missing} is not there` }
        : saidByAll(
            readIn(
              found.flatMap((some) => some ?? []),
              rules,
              settings,
            ),
          );
    };
    return {
      async rules(settings) {
        const [production, test] = await Promise.all([
          says(settings, rulesIn(settings)),
          says(settings, settings.traffic ? [settings.traffic.testRule] : []),
        ]);
        return { production, test };
      },
      async groups(settings) {
        const found = await Promise.all(
          PLACES.map(async (place) => {
            const group = groupOf(settings, place);
            const command = new DescribeTargetGroupsCommand({ TargetGroupArns: group ? [group] : [] });
            const seen = group ? await elb.send(command).catch(absent) : undefined;
            const { LoadBalancerArns: loadBalancers, IpAddressType } = seen?.TargetGroups?.[0] ?? {};
            return loadBalancers ? [[place, { loadBalancers, ipv6: IpAddressType === 'ipv6' }] as const] : [];
          }),
        );
        return Object.fromEntries(found.flat());
      },
    };
  },
};
