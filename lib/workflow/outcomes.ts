import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { type OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** How a deployment can end so that somebody acts on it: the event that says so, and the step that has decided it. */
export const outcomes = {
  succeeded: { event: 'DeploymentSucceeded', step: 'CompleteDeployment', outcome: 'DeploymentSucceeded' },
  rolledBack: { event: 'DeploymentRolledBack', step: 'ReleaseLock', outcome: 'RolledBack' },
  needsOperator: { event: 'OperatorNeeded', step: 'CallOperator', outcome: 'NeedsOperator' },
} as const;
export type Outcome = keyof typeof outcomes;

/** A rule for the events of one workflow, whatever others of the account say. */
export function onOutcome(
  scope: Construct,
  id: string,
  which: { outcome: Outcome; workflow: string },
  { target, eventPattern, crossStackScope, ...own }: OnEventOptions = {},
): Rule {
  const rule = new Rule(crossStackScope ?? scope, id, own);
  rule.addEventPattern(eventPattern);
  rule.addEventPattern({
    source: ['greenlight'],
    detailType: [outcomes[which.outcome].event],
    detail: { workflow: [which.workflow] },
  });
  rule.addTarget(target);
  return rule;
}

/** The lines of the log that a metric counts, as Amazon CloudWatch Logs finds them. */
export function linesOf(outcome: Outcome): string {
  const { step, outcome: word } = outcomes[outcome];
  return FilterPattern.all(
    FilterPattern.stringValue('$.step', '=', step),
    FilterPattern.stringValue('$.decision.outcome', '=', word),
  ).logPatternString;
}

/** Counted in the functions' log, from the first time that the app asks for it. */
export function outcomeMetric(
  scope: Construct,
  { outcome, workflow, logGroup }: { outcome: Outcome; workflow: string; logGroup: ILogGroup },
  options: MetricOptions = {},
): Metric {
  const { outcome: metricName } = outcomes[outcome];
  const metricNamespace = `Greenlight/${workflow}`;
  const id = `${metricName}Metric`;
  if (!scope.node.tryFindChild(id))
    new MetricFilter(scope, id, {
      logGroup,
      filterPattern: FilterPattern.literal(linesOf(outcome)),
      metricNamespace,
      metricName,
      metricValue: '1',
      defaultValue: 0,
    });
  return new Metric({ namespace: metricNamespace, metricName, statistic: 'Sum', ...options });
}
