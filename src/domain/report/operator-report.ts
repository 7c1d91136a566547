import type { Deployment } from '../deployment/deployment';
import { snapshotName } from '../deployment/names';
import type { Contract } from '../deployment/variables';
import { otherSlot, SLOTS, type Slot } from '../settings/choices';
import { describeWeights, isClosed, solelyLive, type Weights } from '../traffic/weights';

export interface OperatorFacts {
  deployment: Deployment;
  /** The journal's table. */
  table: string;
  /** Unknown when the deployment stopped before it looked. */
  blue: Slot | undefined;
  /** The contract migrations, when the deployment came that far. */
  contract: Contract | null;
  /** Contract migrations may have run, in this execution or an earlier one. */
  contracted: boolean;
  /** People were asked about the way back, and said no. */
  refused: boolean;
  /** What made the deployment turn back, and what the way back could not do. */
  why: string;
  stuck: string;
  weights: Weights | undefined;
  /** The database instance that serves, and the one that was restored to take its place. */
  database: string;
  restored: string | undefined;
  /** Tasks that still work on the schema, by ARN: nobody waited for them any more. */
  working: string[];
  fleets: { slot: Slot; service: string; fleet: { running: number; desired: number } | undefined }[];
}

const quoted = (value: unknown) => `'${JSON.stringify(value)}'`;

/** One run of the migration container, as somebody would type it. */
function runTask({ settings }: Deployment, taskDefinition: string, command: string[]): string {
  const { subnets, securityGroups, container } = settings.migrations;
  const network = { awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: 'DISABLED' } };
  const overrides = { containerOverrides: [{ name: container, command }] };
  return `aws ecs run-task --cluster ${settings.cluster} --task-definition ${taskDefinition} --launch-type FARGATE --network-configuration ${quoted(network)} --overrides ${quoted(overrides)}`;
}

/** Behind the point of no return the new version stays, whatever the schema is: what can be done about the schema. */
function aboutContract({ deployment, database, stuck }: OperatorFacts, contract: Contract): string[] {
  const { contractCommand } = deployment.settings.migrations;
  const { pending, snapshot, migration } = contract;
  return [
    `the contract migrations ${pending.join(', ')} have not done what they should: ${stuck}`,
    'the previous version has stopped, and the schema may no longer fit it, so traffic stays with the new one',
    `database ${database}: ${snapshot} was taken right before them; restoring it loses every write since`,
    ...(migration
      ? [
          `when what made them fail is mended, run what is missing: ${runTask(deployment, migration.taskDefinition, contractCommand)}`,
        ]
      : []),
  ];
}

/** How a person ends a window: a version that fits the database first, then its traffic. */
function openAgain(
  { settings: { cluster, slots, traffic, maintenance } }: Deployment,
  blue: Slot | undefined,
): string[] {
  const slot = blue ?? 'a';
  const groups = [
    `{TargetGroupArn=${slots[slot].targetGroup},Weight=100}`,
    `{TargetGroupArn=${slots[otherSlot(slot)].targetGroup},Weight=0}`,
    `{TargetGroupArn=${maintenance?.targetGroup},Weight=0}`,
  ];
  return [
    `start the version that fits the database: aws ecs update-service --cluster ${cluster} --service ${slots[slot].service} --desired-count <tasks>`,
    `open the service once that is healthy: aws elbv2 modify-rule --rule-arn ${traffic.productionRule} --actions 'Type=forward,ForwardConfig={TargetGroups=[${groups.join(',')}]}'`,
  ];
}

/** What went wrong, and what it means for the database: it depends on how far the deployment came. */
function aboutTheWay(facts: OperatorFacts): string[] {
  const { deployment, blue, contract, refused, why, stuck, weights, database, restored } = facts;
  if (contract) return aboutContract(facts, contract);
  const serving = weights && solelyLive(weights);
  const shut = weights !== undefined && isClosed(weights);
  return [
    ...(blue && !refused && serving === otherSlot(blue)
      ? [`the shift is over and the new version serves all traffic, but the rest stopped: ${stuck}`]
      : [`the way back stopped: ${stuck}`, `it began because: ${why}`]),
    ...(shut ? ['the service is closed: users get the maintenance page, and nobody can write'] : []),
    `database ${database}: its snapshot is ${snapshotName(deployment.id)}; restoring it loses ${shut ? 'nothing while the service is closed' : 'every write since'}`,
    ...(restored && restored !== database
      ? [`${restored} was restored from it and does not serve; the secret still names ${database}`]
      : []),
    ...(shut ? openAgain(deployment, blue) : []),
  ];
}

/**
 * The way back can be gone once more under the lock that is kept, and blue is started again if need be; only behind the
 * point of no return there is none.
 */
const wayBack = ({ deployment, blue, contracted, weights }: OperatorFacts): string[] =>
  contracted
    ? []
    : [
        `${blue && weights && solelyLive(weights) === otherSlot(blue) ? 'to go back after all' : 'to go the way back once more'}: greenlight rollback ${deployment.id} --workflow <stack> --reason "..."`,
      ];

/** What stands and which commands remain, for a person at three in the morning. */
export function operatorReport(facts: OperatorFacts): string {
  const { deployment, table, blue, weights, fleets, working } = facts;
  const { settings } = deployment;
  const services = fleets
    .map(
      ({ slot, service, fleet }) =>
        `${service} (${slot === blue ? 'blue' : blue ? 'green' : `slot ${slot}`}) runs ${fleet?.running ?? 0} of ${fleet?.desired ?? 0} tasks`,
    )
    .join(', ');
  const idle = blue && weights && SLOTS.find((slot) => weights[slot] === 0);
  const left = fleets.find(({ slot, fleet }) => slot === idle && (fleet?.desired ?? 0) > 0);
  return [
    ...aboutTheWay(facts),
    ...working.map(
      (task) =>
        `${task} still works on the schema; wait for it, or end it: aws ecs stop-task --cluster ${settings.cluster} --task ${task}`,
    ),
    `traffic: ${weights ? describeWeights(weights) : 'unreadable'}; ${services}`,
    `the lock of ${settings.service} is kept, so nothing else is deployed`,
    `look: aws elbv2 describe-rules --rule-arns ${settings.traffic.productionRule}`,
    ...(left
      ? [
          `stop what has no traffic: aws ecs update-service --cluster ${settings.cluster} --service ${left.service} --desired-count 0`,
        ]
      : []),
    ...wayBack(facts),
    `release the lock when all is well: aws dynamodb update-item --table-name ${table} --key '{"pk":{"S":"service#${settings.service}"},"sk":{"S":"lock"}}' --update-expression 'REMOVE holder, expires'`,
  ].join('; ');
}
