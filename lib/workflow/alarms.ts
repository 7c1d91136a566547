import { Duration, Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  ComparisonOperator,
  type CreateAlarmOptions,
  type IAlarmAction,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { measured } from './measured';

/** What is different of one alarm. What is left out is as it is by itself. */
export interface AlarmChange extends Partial<CreateAlarmOptions> {
  /** Over how long what it counts is added up. @default 5 minutes */
  period?: Duration;
  /** Whom it tells, in the place of the actions of all. */
  actions?: IAlarmAction[];
}

/** Each alarm by its name: what is different of it, or `false` where there shall be none. */
export interface AlarmOptions {
  /** Whom all of them tell when they go off. @default the workflow's topic */
  actions?: IAlarmAction[];
  /** An execution ended in a rejection, a rollback, a call for an operator, or an error. */
  executionFailed?: AlarmChange | false;
  /** An execution was ended by the state machine's time limit. */
  executionTimedOut?: AlarmChange | false;
  /** Somebody has stopped an execution. */
  executionAborted?: AlarmChange | false;
  /** A deployment was left to people, and keeps its lock. */
  needsOperator?: AlarmChange | false;
  /** `Reconcile` had to resume a deployment, or found slots or workers that are not as recorded. */
  reconcilerFound?: AlarmChange | false;
  /** `Reconcile` has failed in two of three periods, so nobody resumes what was stopped. */
  reconcilerFailed?: AlarmChange | false;
  /** A service's lock is held for longer than its lease: what holds it has done nothing for a day. */
  lockBeyondLease?: AlarmChange | false;
  /** A migration, or what takes one back, runs for longer than 5 minutes. */
  slowMigration?: AlarmChange | false;
  /** A phase of a deployment has waited for longer than its deadline. */
  phaseBeyondDeadline?: AlarmChange | false;
  /** A function has failed with an error that the graph does not expect, took too long, or its process ended. */
  functionErrors?: AlarmChange | false;
  /** Something is in the queue of what could not be delivered. */
  undelivered?: AlarmChange | false;
}
/** What each alarm is called among the props, and in `alarms`. */
export type AlarmName = Exclude<keyof AlarmOptions, 'actions'>;

/** What there is to watch of a workflow. */
export interface Watched {
  workflow: string;
  machine: IStateMachine;
  reconcile: IFunction;
  undelivered: IQueue;
}

interface Declared extends Partial<CreateAlarmOptions> {
  metric: Metric;
  says: string;
}

/** Each is about the sum of 5 minutes, goes off at 1, and is silent where nothing is published, unless it says something else. */
function declared({ workflow, machine, reconcile, undelivered }: Watched): Record<AlarmName, Declared> {
  const own = (name: string, statistic = 'Sum') => measured(workflow, name, { statistic });
  const typed = (verb: string) => `npx greenlight ${verb} --workflow ${workflow}`;
  return {
    executionFailed: {
      metric: machine.metricFailed(),
      says: `a deployment was rejected or rolled back, or needs an operator: ${typed('history')} says which and why`,
    },
    executionTimedOut: {
      metric: machine.metricTimedOut(),
      says: `an execution was ended by its time limit, and its deployment is resumed within five minutes: ${typed('status')}`,
    },
    executionAborted: {
      metric: machine.metricAborted(),
      says: `somebody has stopped an execution, and its deployment is resumed within five minutes: ${typed('status')}`,
    },
    needsOperator: {
      metric: own('NeedsOperator'),
      says: `a deployment needs an operator and keeps its lock: ${typed('status')} says which, its report what remains to do`,
    },
    reconcilerFound: {
      metric: own('ReconcilerFindings'),
      says: `Reconcile has found a deployment that came to no end, or slots or workers that are not as recorded: ${typed('status')}`,
    },
    reconcilerFailed: {
      metric: reconcile.metricErrors(),
      ...{ evaluationPeriods: 3, datapointsToAlarm: 2 },
      says: `Reconcile fails, so nobody resumes what was stopped: its lines in the log of the functions say why, ${typed('doctor')} what is missing`,
    },
    lockBeyondLease: {
      metric: own('LocksBeyondLease'),
      // it is measured whenever Reconcile looks, which is now and then once less in a period
      ...{ evaluationPeriods: 3, datapointsToAlarm: 1 },
      says: `a lock is held for longer than its lease, and nobody else can deploy the service: ${typed('status')}, then npx greenlight lock show`,
    },
    slowMigration: {
      metric: own('MigrationSeconds', 'Maximum'),
      threshold: 300,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      says: `a migration runs for longer than five minutes: ${typed('status')} says of which deployment, its report what the migration waits for`,
    },
    phaseBeyondDeadline: {
      metric: own('PhasesBeyondDeadline'),
      ...{ evaluationPeriods: 3, datapointsToAlarm: 1 },
      says: `a phase of a deployment has waited for longer than its deadline: ${typed('history')} says which`,
    },
    functionErrors: {
      metric: own('FunctionErrors'),
      says: 'a function has failed with an error that the graph does not expect, or was ended by AWS Lambda: the lines of the level ERROR in the log of the functions say why',
    },
    undelivered: {
      metric: undelivered.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      says: 'an event could not be delivered, or a function beside the graph has failed for good: the attributes of the messages in the queue say why',
    },
  };
}

/** Those that are not left out, by name. */
export function alarmsOf(
  scope: Construct,
  watched: Watched,
  options: AlarmOptions,
  actions: IAlarmAction[],
): Partial<Record<AlarmName, Alarm>> {
  const made: Partial<Record<AlarmName, Alarm>> = {};
  for (const [name, { metric, says, ...own }] of Object.entries(declared(watched)) as [
    AlarmName,
    Declared,
  ][]) {
    const change = options[name] ?? {};
    if (change === false) continue;
    const { period = Duration.minutes(5), actions: told = actions, ...changed } = change;
    const id = `${name[0]?.toUpperCase()}${name.slice(1)}Alarm`;
    made[name] = metric.with({ period }).createAlarm(scope, id, {
      ...{ threshold: 1, evaluationPeriods: 1, treatMissingData: TreatMissingData.NOT_BREACHING },
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      alarmDescription: `${watched.workflow}: ${says}`,
      ...own,
      ...changed,
    });
    made[name].addAlarmAction(...told);
  }
  return made;
}

/** A topic with a policy of its own takes only what that lets in. Source: Amazon SNS Developer Guide, "Example cases for Amazon SNS access control". */
export function tellAlarms(topic: Topic): IAlarmAction[] {
  const { partition, region, account } = Stack.of(topic);
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Alarms',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
      },
    }),
  );
  return [new SnsAction(topic)];
}
