import type { Deployment } from '../deployment/deployment';
import type { Contract } from '../deployment/variables';
import { releaseCommand, rollbackCommand } from '../rollback/command';
import { otherSlot, SLOTS, type Slot } from '../settings/choices';
import { rulesIn } from '../settings/rules';
import type { Settings } from '../settings/settings';
import { aloneIn, serviceIn } from '../settings/slots';
import { describeWeights, isClosed, solelyLive, type Weights } from '../traffic/weights';
import { revisionName } from '../workers/moves';
import { workerName } from '../workers/settings';

export interface OperatorFacts {
  deployment: Deployment;
  /** Unknown when the deployment stopped before it looked. */
  blue: Slot | undefined;
  /** The contract migrations, when the deployment came that far. */
  contract: Contract | null;
  /** Contract migrations may have run, in this execution or an earlier one. */
  contracted: boolean;
  /** People were asked about the rollback, and said no. */
  refused: boolean;
  /** What began the rollback, and what it could not do. */
  cause: string;
  rollbackError: string;
  /** The deployment's own snapshot; undefined where none was taken. */
  snapshot: string | undefined;
  /** How many tasks all users needed before the service was closed. */
  tasks: number;
  /** Name of the workflow's stack. */
  stack: string;
  weights: Weights | undefined;
  /** The database instance that serves, and the one that was restored to take its place. */
  database: string;
  restored: string | undefined;
  /** Workers that the deployment has moved: what they run now, or start next, and what they ran before, by ARN. */
  workers: { worker: string; runs: string | undefined; before: string }[];
  /** What a window has stopped beside the slots, with what it did before. */
  stoppedWorkers: { worker: string; desired: number }[];
  /** Tasks that still work on the schema, by ARN: nobody waited for them any more. */
  working: string[];
  fleets: {
    slot: Slot;
    service: string;
    fleet: { taskDefinition: string; running: number; desired: number } | undefined;
  }[];
}

const quoted = (value: unknown) => `'${JSON.stringify(value)}'`;

/** One run of the migration container, as somebody would type it. */
function runTask({ settings }: Deployment, taskDefinition: string, command: string[]): string {
  const { subnets, securityGroups, publicIp, container } = settings.migrations;
  const assignPublicIp = publicIp ? 'ENABLED' : 'DISABLED';
  const network = { awsvpcConfiguration: { subnets, securityGroups, assignPublicIp } };
  const overrides = { containerOverrides: [{ name: container, command }] };
  return `aws ecs run-task --cluster ${settings.cluster} --task-definition ${taskDefinition} --launch-type FARGATE --network-configuration ${quoted(network)} --overrides ${quoted(overrides)}`;
}

/** Behind the point of no return the new version stays, whatever the schema is: what can be done about the schema. */
function aboutContract({ deployment, database, rollbackError }: OperatorFacts, contract: Contract): string[] {
  const { contractCommand } = deployment.settings.migrations;
  const { pending, snapshot, migration } = contract;
  return [
    `the contract migrations ${pending.join(', ')} have not done what they should: ${rollbackError}`,
    'the previous version has stopped, and the schema may no longer fit it, so traffic stays with the new one',
    `database ${database}: ${snapshot} was taken right before them; restoring it loses every write since`,
    ...(migration
      ? [
          `fix the cause, then apply the remaining migrations: ${runTask(deployment, migration.taskDefinition, contractCommand)}`,
        ]
      : []),
  ];
}

/** How a person ends a window: a version that fits the database first, then its traffic. */
function openAgain({ settings }: Deployment, blue: Slot | undefined, tasks: number): string[] {
  const { cluster, slots, traffic, maintenance } = settings;
  const slot = blue ?? 'a';
  const groups = [
    `{TargetGroupArn=${slots[slot]?.targetGroup},Weight=100}`,
    `{TargetGroupArn=${slots[otherSlot(slot)]?.targetGroup},Weight=0}`,
    `{TargetGroupArn=${maintenance?.targetGroup},Weight=0}`,
  ];
  return [
    `start the version that fits the database: aws ecs update-service --cluster ${cluster} --service ${serviceIn(settings, slot)} --desired-count ${tasks}`,
    ...rulesIn({ traffic }).map(
      (rule) =>
        `open the service once that is healthy: aws elbv2 modify-rule --rule-arn ${rule} --actions 'Type=forward,ForwardConfig={TargetGroups=[${groups.join(',')}]}'`,
    ),
  ];
}

/** What went wrong, and what it means for the database: it depends on how far the deployment came. */
function aboutTheWay(facts: OperatorFacts): string[] {
  const { deployment, blue, contract, refused, cause, rollbackError, weights, database, restored } = facts;
  if (contract) return aboutContract(facts, contract);
  const serving = weights && solelyLive(weights);
  const shut = weights !== undefined && isClosed(weights);
  return [
    ...(blue && !refused && serving === otherSlot(blue)
      ? [
          `the shift is over and the new version ${aloneIn(deployment.settings)}, but the rest failed: ${rollbackError}`,
        ]
      : [`rollback failed: ${rollbackError}`, `it was triggered by: ${cause}`]),
    ...(shut ? ['the service is closed: users get the maintenance page, and nobody can write'] : []),
    facts.snapshot
      ? `database ${database}: its snapshot is ${facts.snapshot}; restoring it loses ${shut ? 'nothing while the service is closed' : 'every write since'}`
      : `database ${database}: no migration ran, so there is nothing to restore`,
    ...(restored && restored !== database
      ? [`${restored} was restored from it and does not serve; the secret still names ${database}`]
      : []),
    ...(shut ? openAgain(deployment, blue, facts.tasks) : []),
  ];
}

/**
 * The rollback can be tried once more under the lock that is kept, and blue is started again if need be; only behind the
 * point of no return there is none.
 */
const rollBackAgain = ({ deployment, blue, contracted, weights, stack }: OperatorFacts): string[] =>
  contracted
    ? []
    : [
        `${blue && weights && solelyLive(weights) === otherSlot(blue) ? 'to roll back after all' : 'to try the rollback once more'}: ${rollbackCommand(deployment.id, stack)}`,
      ];

/** Workers follow the users: who decides about these has to know what the others run. */
const movedWorkers = ({ workers, contracted }: OperatorFacts): string[] =>
  workers.map(({ worker, runs, before }) =>
    runs === before
      ? `worker ${worker} runs ${revisionName(before)}, as before`
      : `worker ${worker} runs ${runs ? revisionName(runs) : 'nothing'} and ran ${revisionName(before)} before${contracted ? '' : ': the rollback moves it back, after the users'}`,
  );

/** How a person starts a worker again. */
function startAgain(
  { cluster, workers }: Settings,
  { worker: name, desired }: { worker: string; desired: number },
) {
  const worker = workers.find((one) => workerName(one) === name);
  if (worker?.kind === 'service')
    return `worker ${name} is stopped; start it when it may write again: aws ecs update-service --cluster ${cluster} --service ${worker.service} --desired-count ${desired}`;
  if (worker?.kind === 'rule')
    return `worker ${name} is disabled; enable it when it may write again: aws events enable-rule --name ${worker.rule} --event-bus-name ${worker.eventBus}`;
  return `worker ${name} is disabled; enable it in EventBridge Scheduler when it may write again`;
}

/** What stands and which commands remain, for a person at three in the morning. */
export function operatorReport(facts: OperatorFacts): string {
  const { deployment, blue, weights, fleets, working, stack } = facts;
  const { settings } = deployment;
  const services = fleets
    .map(({ slot, service, fleet }) =>
      settings.traffic
        ? `${service} (${slot === blue ? 'blue' : blue ? 'green' : `slot ${slot}`}) runs ${fleet?.running ?? 0} of ${fleet?.desired ?? 0} tasks`
        : `${service} runs ${fleet?.running ?? 0} of ${fleet?.desired ?? 0} tasks of ${fleet?.taskDefinition}`,
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
    ...movedWorkers(facts),
    ...facts.stoppedWorkers.map((stopped) => startAgain(settings, stopped)),
    `${settings.traffic ? `traffic: ${weights ? describeWeights(weights) : 'unreadable'}; ` : ''}${services}`,
    `the lock of ${settings.service} is kept, so nothing else is deployed`,
    settings.traffic
      ? `look: aws elbv2 describe-rules --rule-arns ${rulesIn(settings).join(' ')}`
      : `look: aws ecs describe-services --cluster ${settings.cluster} --services ${serviceIn(settings, 'a')}`,
    ...(left
      ? [
          `stop what has no traffic: aws ecs update-service --cluster ${settings.cluster} --service ${left.service} --desired-count 0`,
        ]
      : []),
    ...rollBackAgain(facts),
    `release the lock when all is well: ${releaseCommand(settings.service, stack)}`,
  ].join('; ');
}
