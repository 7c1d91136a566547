import { SLOTS, type Slot } from '../settings/choices';
import type { Settings } from '../settings/settings';
import { strangeRule } from '../traffic/standing';
import { PLACES, type Place, type WeightsRead } from '../traffic/weights';
import { about, type Finding } from './finding';

/** A target group as Elastic Load Balancing has it. */
export interface GroupSeen {
  /** ARNs of the load balancers with a rule that forwards to it. */
  loadBalancers: readonly string[];
  /** Its targets have IPv6 addresses alone. */
  ipv6?: boolean;
}
export interface TrafficFacts {
  settings: Settings;
  rule: WeightsRead;
  test: WeightsRead;
  recorded: Parameters<typeof strangeRule>[2];
  /** By place; one that is not there is absent. */
  groups: Partial<Record<Place, GroupSeen>>;
  /** Of each slot's targets. */
  healthy: Partial<Record<Slot, number>>;
}

const { stops, risks } = about('traffic');

/** What CloudWatch calls a load balancer or a target group: the end of its ARN. */
const metricName = (arn: string, kind: 'loadbalancer' | 'targetgroup') =>
  kind === 'loadbalancer' ? arn.split(':loadbalancer/')[1] : arn.split(':').at(-1);

function misnamed(settings: Settings): Finding[] {
  const { traffic, slots, maintenance } = settings;
  const named: [string, string | undefined, string | undefined][] = [
    [
      'traffic.loadBalancerFullName',
      traffic?.loadBalancerFullName,
      metricName(traffic?.loadBalancer ?? '', 'loadbalancer'),
    ],
    ...SLOTS.map((slot): [string, string | undefined, string | undefined] => [
      `slots.${slot}.targetGroupFullName`,
      slots[slot]?.targetGroupFullName,
      metricName(slots[slot]?.targetGroup ?? '', 'targetgroup'),
    ]),
    ...(maintenance
      ? [
          [
            'maintenance.targetGroupFullName',
            maintenance.targetGroupFullName,
            metricName(maintenance.targetGroup, 'targetgroup'),
          ] satisfies [string, string, string | undefined],
        ]
      : []),
  ];
  return named
    .filter(([, name, wanted]) => name !== wanted)
    .map(([path, name, wanted]) =>
      stops(
        `${path} is ${name}, so the metrics of something else would be taken for evidence; set it to ${wanted}`,
      ),
    );
}

/** What is wrong with the load balancer's part of a service; nothing of a pure worker. */
export function trafficFindings(facts: TrafficFacts): Finding[] {
  const { settings, rule, test, recorded, groups, healthy } = facts;
  const { traffic, slots, maintenance } = settings;
  if (!traffic) return [];
  const standing = strangeRule(settings, rule, recorded);
  const places = PLACES.filter((place) => (place === 'page' ? maintenance : slots[place]));
  const groupOf = (place: Place) => (place === 'page' ? maintenance : slots[place])?.targetGroup ?? '';
  return [
    ...('strange' in standing ? [stops(standing.strange)] : []),
    ...('strange' in test
      ? [
          stops(
            `the test rule ${traffic.testRule} cannot be shifted: ${test.strange}; deploy its stack again`,
          ),
        ]
      : []),
    ...misnamed(settings),
    ...places.flatMap((place) => {
      const group = groups[place];
      if (!group)
        return [stops(`there is no target group ${groupOf(place)} (${place}); deploy its stack again`)];
      if (group.ipv6)
        return [
          stops(
            `the target group ${groupOf(place)} (${place}) takes IPv6 addresses alone, and only IPv4 is known: the live version's tasks would not be told from others on the database; give the service subnets and a target group of IPv4`,
          ),
        ];
      return group.loadBalancers.includes(traffic.loadBalancer)
        ? []
        : [
            stops(
              `no rule of ${traffic.loadBalancer} forwards to ${groupOf(place)} (${place}), so the health of its targets is not checked; put it on the rules with weight 0`,
            ),
          ];
    }),
    ...('slot' in standing && healthy[standing.slot] === 1
      ? [
          risks(
            `slot ${standing.slot} has one healthy target, so a task that ends takes the service away; have two or more`,
          ),
        ]
      : []),
  ];
}
