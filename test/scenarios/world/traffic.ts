import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { Pool } from 'undici';
import type { Ground, Slot } from './ground';
import { clientOf } from './load';

/** What users get, and what decides it. */
export interface Traffic {
  /** Where users ask: the production listener. */
  url: string;
  /** The production rule's weights, by slot. */
  weights(): Promise<Record<Slot, number>>;
  setWeights(weights: Record<Slot, number>): Promise<void>;
  /** The versions that answer users now: some requests through the production listener. */
  serving(): Promise<string[]>;
  /** All users get the maintenance page. */
  isClosed(): Promise<boolean>;
}

/** Enough to meet each side of a split with a share of a tenth or more. */
const REQUESTS = 40;

export async function trafficOf({ cloud, settings, clients: { elb } }: Ground): Promise<Traffic> {
  const { slots, traffic, maintenance } = settings;
  const { Listeners } = await elb.send(
    new DescribeListenersCommand({ ListenerArns: [cloud.outputs.ProductionListenerArn ?? ''] }),
  );
  const [{ Port, Protocol = 'HTTP' } = {}] = Listeners ?? [];
  const url = `${Protocol.toLowerCase()}://127.0.0.1:${Port}`;
  const pool = new Pool(url, clientOf(cloud, traffic.testHost));

  /** Weight by target group, as the production rule has it. */
  async function rule(): Promise<Map<string | undefined, number>> {
    const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [traffic.productionRule] }));
    const groups = Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    return new Map(groups.map(({ TargetGroupArn, Weight = 0 }) => [TargetGroupArn, Weight]));
  }

  return {
    url,
    async weights() {
      const weights = await rule();
      return { a: weights.get(slots.a.targetGroup) ?? 0, b: weights.get(slots.b.targetGroup) ?? 0 };
    },
    async setWeights(weights) {
      const TargetGroups = (['a', 'b'] as const).map((slot) => ({
        TargetGroupArn: slots[slot].targetGroup,
        Weight: weights[slot],
      }));
      await elb.send(
        new ModifyRuleCommand({
          RuleArn: traffic.productionRule,
          Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
        }),
      );
    },
    async serving() {
      const seen = new Set<string>();
      for (let request = 0; request < REQUESTS; request++) {
        const { statusCode, body } = await pool.request({ path: '/version', method: 'GET' });
        const answer = await body.text();
        seen.add(statusCode < 300 ? (JSON.parse(answer) as { version: string }).version : String(statusCode));
      }
      return [...seen].sort();
    },
    async isClosed() {
      return [...(await rule())].every(
        ([group, weight]) => weight > 0 === (group === maintenance?.targetGroup),
      );
    },
  };
}
