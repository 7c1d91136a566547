import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  type ScalableTarget,
} from '@aws-sdk/client-application-auto-scaling';
import { DescribeServicesCommand, ECSClient, type Service } from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Slot } from '../domain/settings/choices';
import { rulesIn } from '../domain/settings/rules';
import type { Settings } from '../domain/settings/settings';
import { serviceIn, slotsIn } from '../domain/settings/slots';
import type { Port } from '../domain/step/port';
import type { FoundSlots } from '../domain/traffic/drift';
import { saidByAll } from '../domain/traffic/weights';
import { boundsIn, DIMENSION, resourceOf } from './scaling';
import { readIn } from './traffic';

export interface StandingReader {
  /**
   * What the slots of services are in truth, in their order. Many are read with few calls, because all services of an account
   * share what AWS answers in a second; one that cannot be read makes it reject.
   */
  of(all: readonly Settings[]): Promise<FoundSlots[]>;
}

/** Source: Amazon ECS API Reference, DescribeServices. */
const MOST_SERVICES = 10;

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

const serviceOf = (settings: Settings, slot: Slot) =>
  settings.slots[slot] && `${settings.cluster} ${serviceIn(settings, slot)}`;

async function servicesOf(ecs: ECSClient, all: readonly Settings[]): Promise<Map<string, Service>> {
  const clusters = [...new Set(all.map(({ cluster }) => cluster))];
  const found = await Promise.all(
    clusters.flatMap((cluster) => {
      const own = all.filter((settings) => settings.cluster === cluster);
      const names = own.flatMap((settings) => slotsIn(settings).map((slot) => serviceIn(settings, slot)));
      return chunks(names, MOST_SERVICES).map(async (services) => {
        const described = await ecs.send(new DescribeServicesCommand({ cluster, services }));
        return (described.services ?? [])
          .filter(({ status }) => status === 'ACTIVE')
          .map((service) => [`${cluster} ${service.serviceName}`, service] as const);
      });
    }),
  );
  return new Map(found.flat());
}

async function rulesOf(elb: ElasticLoadBalancingV2Client, all: readonly Settings[]): Promise<Rule[]> {
  const RuleArns = all.flatMap(rulesIn);
  if (RuleArns.length === 0) return [];
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ RuleArns }));
  return Rules;
}

async function targetsOf(
  scaling: ApplicationAutoScalingClient,
  all: readonly Settings[],
): Promise<ScalableTarget[]> {
  const { ScalableTargets = [] } = await scaling.send(
    new DescribeScalableTargetsCommand({
      ServiceNamespace: 'ecs',
      ScalableDimension: DIMENSION,
      ResourceIds: all.flatMap((settings) => slotsIn(settings).map((slot) => resourceOf(settings, slot))),
    }),
  );
  return ScalableTargets;
}

export const standingReader: Port<StandingReader> = {
  grants: [
    { sid: 'ReadServices', actions: ['ecs:DescribeServices'], on: ['services'] },
    { sid: 'ReadRules', actions: ['elasticloadbalancing:DescribeRules'], on: '*', where: 'rules' },
    { sid: 'ReadScalableTargets', actions: ['application-autoscaling:DescribeScalableTargets'], on: '*' },
  ],
  open() {
    const ecs = new ECSClient({});
    const elb = new ElasticLoadBalancingV2Client({});
    const scaling = new ApplicationAutoScalingClient({});
    return {
      async of(all) {
        const [services, rules, targets] = await Promise.all([
          servicesOf(ecs, all),
          rulesOf(elb, all),
          targetsOf(scaling, all),
        ]);
        return all.map((settings) => {
          const fleetOf = (slot: Slot) => {
            const found = services.get(serviceOf(settings, slot) ?? '');
            return found && { taskDefinition: found.taskDefinition ?? '', desired: found.desiredCount ?? 0 };
          };
          return {
            rule: saidByAll(readIn(rules, rulesIn(settings), settings)),
            fleets: { a: fleetOf('a'), b: fleetOf('b') },
            bounds: boundsIn(targets, settings),
          };
        });
      },
    };
  },
};
