import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { isStatic } from './evaluation';
import { checkStatistic, combination, invalid, validation } from './queries';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'];

/**
 * Refuses what CloudWatch refuses of an alarm, and what the local cloud cannot evaluate.
 * Source: Amazon CloudWatch API Reference, PutMetricAlarm.
 */
export function checkAlarm(alarm: PutMetricAlarmInput): void {
  const { Statistic, ExtendedStatistic, Period = 0, EvaluationPeriods = 0, DatapointsToAlarm = 1 } = alarm;
  const actions = [alarm.AlarmActions, alarm.OKActions, alarm.InsufficientDataActions].flatMap(
    (some) => some ?? [],
  );
  const other = actions.find((action) => !action.startsWith('arn:aws:sns:'));
  if (other) throw invalid(`The action ${other} is not served locally; name an SNS topic.`);
  if (alarm.Metrics?.length || alarm.ThresholdMetricId || !isStatic(alarm.ComparisonOperator!))
    throw invalid(
      'Alarms on metric math and anomaly detection are not served locally; name one metric and a threshold.',
    );
  if (!alarm.MetricName || !alarm.Namespace)
    throw validation('The parameters MetricName and Namespace are required for an alarm on one metric.');
  if (!Statistic === !ExtendedStatistic)
    throw combination('Exactly one of the parameters Statistic and ExtendedStatistic must be specified.');
  checkStatistic(Statistic ?? ExtendedStatistic);
  if (![10, 20, 30].includes(Period) && !(Period > 0 && Period % 60 === 0))
    throw validation(`The parameter Period must be 10, 20, 30 or a multiple of 60; it is ${Period}.`);
  const longest = Period < HOUR_SECONDS ? DAY_SECONDS : 7 * DAY_SECONDS;
  if (!(EvaluationPeriods >= 1) || Period * EvaluationPeriods > longest)
    throw validation(
      `Metrics cannot be checked across more than ${longest} seconds (EvaluationPeriods * Period must be 1 to ${longest}).`,
    );
  if (!(DatapointsToAlarm >= 1) || DatapointsToAlarm > EvaluationPeriods)
    throw validation('DatapointsToAlarm must be between 1 and EvaluationPeriods.');
  if (!Number.isFinite(alarm.Threshold))
    throw validation('The parameter Threshold is required for a static threshold.');
  if (alarm.TreatMissingData !== undefined && !TREATMENTS.includes(alarm.TreatMissingData))
    throw validation(`The parameter TreatMissingData must be one of ${TREATMENTS.join(', ')}.`);
}
