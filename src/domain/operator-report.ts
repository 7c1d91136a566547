import type { Deployment } from './deployment';
import { snapshotName } from './marks';
import type { Slot } from './settings';
import { otherSlot } from './settings';
import { describeWeights, type Weights } from './weights';

export interface Standing {
  deployment: Deployment;
  /** The journal's table. */
  table: string;
  /** Unknown when the deployment stopped before it looked. */
  blue: Slot | undefined;
  /** What made the deployment turn back, and what the way back could not do. */
  why: string;
  stuck: string;
  weights: Weights | undefined;
  fleets: { slot: Slot; service: string; fleet: { running: number; desired: number } | undefined }[];
}

/** What stands and which commands remain, for a person at three in the morning. */
export function operatorReport({ deployment, table, blue, why, stuck, weights, fleets }: Standing): string {
  const { settings, id } = deployment;
  const services = fleets
    .map(
      ({ slot, service, fleet }) =>
        `${service} (${slot === blue ? 'blue' : blue ? 'green' : `slot ${slot}`}) runs ${fleet?.running ?? 0} of ${fleet?.desired ?? 0} tasks`,
    )
    .join(', ');
  return [
    `the way back stopped: ${stuck}`,
    `it began because: ${why}`,
    `traffic: ${weights ? describeWeights(weights) : 'unreadable'}; ${services}`,
    `database ${settings.database.instance}: its snapshot is ${snapshotName(id)}; restoring it loses every write since`,
    `the lock of ${settings.service} is kept, so nothing else is deployed`,
    `look: aws elbv2 describe-rules --rule-arns ${settings.traffic.productionRule}`,
    ...(blue
      ? [
          `stop green once it has no traffic: aws ecs update-service --cluster ${settings.cluster} --service ${settings.slots[otherSlot(blue)].service} --desired-count 0`,
        ]
      : []),
    `release the lock when all is well: aws dynamodb update-item --table-name ${table} --key '{"pk":{"S":"service#${settings.service}"},"sk":{"S":"lock"}}' --update-expression 'REMOVE holder, expires'`,
  ].join('; ');
}
