import type { ComparisonOperator, StateValue } from '@aws-sdk/client-cloudwatch';

/** Of an alarm what decides its state. */
export interface Rule {
  operator: ComparisonOperator;
  threshold: number;
  /** So many of the newest `evaluationPeriods` data points have to breach. */
  datapointsToAlarm: number;
  evaluationPeriods: number;
  treatMissingData: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
}

const BREACHES: Partial<Record<ComparisonOperator, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};
/** Those of static thresholds; the others belong to anomaly detection. */
export const isStatic = (operator: ComparisonOperator) => operator in BREACHES;

/** The data points that are looked at beyond the evaluation periods, where some of those are missing: two in the guide's examples. */
export const EXTRA_POINTS = 2;

/**
 * The state that data points give an alarm, or `retain`. Source: Amazon CloudWatch User Guide, "How alarm state is
 * evaluated when data is missing" and "Avoiding premature transitions to alarm state"; the state of a single newest breaching
 * point is that of the guide's edition of 2019.
 * @param points of the evaluation range, the newest first; undefined where one is missing
 */
export function evaluate(points: readonly (number | undefined)[], rule: Rule): StateValue | 'retain' {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const real = points
    .map((value, age) => ({ age, breaching: value !== undefined && breaches(value, rule), value }))
    .filter(({ value }) => value !== undefined)
    .slice(0, evaluationPeriods);
  const filled = treatMissingData === 'breaching' ? evaluationPeriods - real.length : 0;
  const breaching = real.filter(({ breaching }) => breaching).length + filled;
  if (breaching >= datapointsToAlarm) return 'ALARM';
  const missing = treatMissingData === 'missing' || treatMissingData === 'ignore';
  if (!missing || real.length === evaluationPeriods || real.some(({ breaching }) => !breaching)) return 'OK';
  if (treatMissingData === 'ignore') return 'retain';
  const oldest = real.at(-1);
  return oldest && oldest.age + 1 >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}

const breaches = (value: number, { operator, threshold }: Rule) =>
  BREACHES[operator]?.(value, threshold) ?? false;

const WORDS: Partial<Record<ComparisonOperator, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanOrEqualToThreshold: 'less than or equal to',
  LessThanThreshold: 'less than',
};

/** Why the state is as it is, as AWS puts it. */
export function reasonOf(state: StateValue, points: readonly (number | undefined)[], rule: Rule): string {
  const real = points.filter((value) => value !== undefined).slice(0, rule.evaluationPeriods);
  const count = (number: number) => `${number} datapoint${number === 1 ? '' : 's'}`;
  if (state === 'INSUFFICIENT_DATA')
    return `Insufficient Data: ${count(rule.evaluationPeriods - real.length)} ${rule.evaluationPeriods - real.length === 1 ? 'was' : 'were'} unknown.`;
  if (real.length === 0)
    return `Threshold Crossed: no datapoints were received for ${rule.evaluationPeriods} period${rule.evaluationPeriods === 1 ? '' : 's'} and ${count(rule.evaluationPeriods)} were treated as [${rule.treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching'}].`;
  const not = state === 'ALARM' ? '' : 'not ';
  return `Threshold Crossed: ${count(real.length)} [${real.join(', ')}] ${real.length === 1 ? 'was' : 'were'} ${not}${WORDS[rule.operator]} the threshold (${rule.threshold}).`;
}
