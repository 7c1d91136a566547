import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  type DashboardProps,
  GraphWidget,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { phases } from '../../lambdas';
import { phaseMeasure } from '../../src/domain/measures/measure';
import type { Watched } from './alarms';
import { measured } from './measured';

/** A phase that is one step ends the deployment: nobody measures it afterwards. */
const lasting = Object.entries(phases).flatMap(([phase, steps]) => (steps.length > 1 ? [phase] : []));

const HALF = 12;
const WHOLE = 24;

/** What became of deployments, how long each phase took, what a bad version has cost, and what watches over all of it. */
export function dashboardOf(
  scope: Construct,
  { workflow, machine, reconcile, undelivered }: Watched,
  alarms: readonly Alarm[],
  props: DashboardProps,
): Dashboard {
  const own = (name: string, statistic = 'Sum', label = name) =>
    measured(workflow, name, { statistic, label, period: Duration.minutes(5) });
  const graph = (title: string, left: IMetric[], more: { label?: string; stacked?: true } = {}): IWidget =>
    new GraphWidget({
      title,
      left,
      width: HALF,
      stacked: more.stacked,
      leftYAxis: { min: 0, label: more.label },
    });
  const seconds = (title: string, left: IMetric[]) => graph(title, left, { label: 'seconds' });
  const outcomes = ['DeploymentSucceeded', 'RolledBack', 'DeploymentRejected', 'NeedsOperator'];
  return new Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.days(7),
    ...props,
    widgets: [
      [
        graph(
          'Outcomes',
          outcomes.map((name) => own(name)),
          { stacked: true },
        ),
        graph('Executions that ended badly', [
          machine.metricFailed(),
          machine.metricTimedOut(),
          machine.metricAborted(),
        ]),
      ],
      [
        new GraphWidget({
          title: 'Durations by phase, on average',
          left: lasting.map((phase) => own(phaseMeasure(phase), 'Average', phase)),
          ...{ width: WHOLE, stacked: true, leftYAxis: { min: 0, label: 'seconds' } },
        }),
      ],
      [
        seconds('Durations of deployments', [
          own('DeploymentSeconds', 'p50', 'half of them within'),
          own('DeploymentSeconds', 'Maximum', 'the longest'),
        ]),
        seconds('Migrations, the longest', [own('MigrationSeconds', 'Maximum')]),
      ],
      [
        seconds('From the verdict to all users on blue, the longest', [
          own('VerdictToBlueSeconds', 'Maximum'),
        ]),
        graph("Requests that green's users have lost", [own('LostRequests')]),
      ],
      [
        graph('Functions', [own('FunctionErrors'), reconcile.metricErrors({ label: 'Reconcile fails' })]),
        graph('What waits for somebody', [
          own('ReconcilerFindings'),
          own('LocksBeyondLease'),
          own('PhasesBeyondDeadline'),
          undelivered.metricApproximateNumberOfMessagesVisible({
            statistic: 'Maximum',
            label: 'undelivered',
          }),
        ]),
      ],
      ...(alarms.length > 0
        ? [[new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: WHOLE, height: 4 })]]
        : []),
      ...(props.widgets ?? []),
    ],
  });
}
