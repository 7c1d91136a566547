import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { background } from '../../lambdas';
import type { AnyBackground } from '../../src/runtime/define-background';
import { roleOf } from '../rights/role';
import type { DeployedService } from '../service/deployed-service';
import type { StepFunction } from './step-function';

/** Step Functions' events are best effort, so somebody looks this often whether or not one came. */
const LOOK_AFTER = Duration.minutes(5);

/** A pattern has 2,048 characters at most, and a service's name 63. Source: Amazon EventBridge User Guide, quotas. */
const SERVICES = 25;

const chunksOf = (names: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(names.length / SERVICES) }, (_, index) =>
    names.slice(index * SERVICES, (index + 1) * SERVICES),
  );

/** By whom a rule starts a state machine, and where the event goes when it cannot. */
export interface Delivery {
  role: IRole;
  deadLetterQueue: IQueue;
}

/** By which rules start the state machines. */
export const starterOf = (scope: Construct, machines: readonly StateMachine[]): IRole =>
  roleOf(scope, 'EventsRole', {
    service: 'events.amazonaws.com',
    description: 'What the rules of the workflow may start',
    allowed: [
      {
        statement: new PolicyStatement({
          actions: ['states:StartExecution'],
          resources: machines.map(({ stateMachineArn }) => stateMachineArn),
        }),
      },
    ],
  }).withoutPolicyUpdates();

/**
 * `DeploymentRequested` on the default bus, its detail being the request, starts a deployment; by its id, one only. Of a
 * service that the workflow deploys, and of its environment where the request names one: others are for other workflows.
 */
export function startFromEvent(
  scope: Construct,
  machine: IStateMachine,
  { services, ...delivery }: { services: readonly DeployedService[] } & Delivery,
): void {
  const input = RuleTargetInput.fromObject({
    event: EventField.eventId,
    request: EventField.fromPath('$.detail'),
  });
  const environments = [...new Set(services.map(({ settings }) => settings.environment))];
  const wanted = environments.flatMap((environment) => {
    const names = services.map(({ settings }) => settings).filter((one) => one.environment === environment);
    return chunksOf(names.map(({ service }) => service)).map((some) => ({ service: some, environment }));
  });
  for (const [index, { service, environment }] of wanted.entries())
    new Rule(scope, `OnDeploymentRequested${index === 0 ? '' : index + 1}`, {
      description: 'Starts a deployment from an event whose detail is the request',
      eventPattern: {
        detailType: ['DeploymentRequested'],
        detail: { service, environment: [environment, { exists: false }] },
      },
      targets: [new SfnStateMachine(machine, { input, ...delivery })],
    });
}

/** Calls those functions that want it whenever an execution of the machine ends badly, and regularly: one rule each. */
export function wakeThem(
  functions: Readonly<Record<string, StepFunction>>,
  { machine: { stateMachineArn }, deadLetterQueue }: { machine: StateMachine; deadLetterQueue: IQueue },
): void {
  const badEnd = {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: { stateMachineArn: [stateMachineArn], status: ['ABORTED', 'FAILED', 'TIMED_OUT'] },
  };
  for (const { name, triggers } of background as readonly AnyBackground[]) {
    const when = {
      eventPattern: triggers.includes('executionFailed') ? badEnd : undefined,
      schedule: triggers.includes('schedule') ? Schedule.rate(LOOK_AFTER) : undefined,
    };
    if (when.eventPattern || when.schedule)
      new Rule(functions[name]!, 'Rule', {
        description: `Wakes ${name}`,
        ...when,
        targets: [new LambdaTarget(functions[name]!.function, { deadLetterQueue })],
      });
  }
}

/** Once a day is often enough for an interface that is kept for two weeks. */
export function startDaily(scope: Construct, machine: StateMachine, delivery: Delivery): void {
  new Rule(scope, 'Daily', {
    description: 'Keeps the network interfaces of functions that are seldom called',
    schedule: Schedule.rate(Duration.days(1)),
    targets: [new SfnStateMachine(machine, delivery)],
  });
}
