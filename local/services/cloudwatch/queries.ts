import {
  CloudWatchServiceException,
  type Dimension,
  type GetMetricStatisticsInput,
  InvalidParameterCombinationException,
  InvalidParameterValueException,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { Series } from './series';

/** Finds a metric by its exact identity. */
export type Find = (
  namespace: string,
  name: string,
  dimensions: Record<string, string>,
) => Series | undefined;

const $metadata = {};

export const dimensionsOf = (dimensions: readonly Dimension[] = []): Record<string, string> =>
  Object.fromEntries(dimensions.map(({ Name, Value }) => [Name!, Value!]));

export function invalid(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException({ message, $metadata });
}

export const combination = (message: string) =>
  new InvalidParameterCombinationException({ message, $metadata });

/** The error without a class of its own that CloudWatch answers where members do not fit each other. */
export const validation = (message: string) =>
  new CloudWatchServiceException({ name: 'ValidationError', $fault: 'client', message, $metadata });

/** API reference, GetMetricData and GetMetricStatistics. */
const MOST_QUERIES = 500;
const MOST_DATAPOINTS = 1_440;

const STATISTIC = /^(Sum|SampleCount|Average|Minimum|Maximum|p(\d{1,2}(\.\d+)?|100))$/i;

export function checkStatistic(statistic: string | undefined): string {
  if (statistic && STATISTIC.test(statistic)) return statistic;
  throw invalid(`The value ${statistic} for parameter Stat is not supported.`);
}

/** 1, 5, 10, 20, 30 or a multiple of 60 seconds, as CloudWatch takes it. */
function checkPeriod(seconds: number | undefined): number {
  if (seconds !== undefined && ([1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0)))
    return seconds * 1_000;
  throw invalid(`The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60; it is ${seconds}.`);
}

function checkRange(start: Date | undefined, end: Date | undefined): [number, number] {
  if (start && end && start < end) return [start.getTime(), end.getTime()];
  throw validation('The parameter StartTime must be less than the parameter EndTime.');
}

/**
 * From its beginning a window is rounded down to the minute, or to the period where that is 5 to 30 seconds.
 * Source: Amazon CloudWatch API Reference, GetMetricData, StartTime.
 */
function rounded([start, end]: [number, number], period: number): [number, number] {
  const unit = period === 1_000 ? 1 : Math.min(period, 60_000);
  return [Math.floor(start / unit) * unit, end];
}

function data(find: Find, query: MetricDataQuery, range: [number, number]): [number, number][] {
  const { Metric, Stat, Period } = query.MetricStat!;
  const statistic = checkStatistic(Stat);
  const period = checkPeriod(Period);
  const series = find(Metric!.Namespace!, Metric!.MetricName!, dimensionsOf(Metric!.Dimensions));
  const periods = series?.periods(...rounded(range, period), period) ?? new Map();
  return [...periods].map(([at, sample]) => [at, sample.statistic(statistic)!]);
}

/** GetMetricData for MetricStat queries; a metric without samples gives an empty, complete result, as on AWS. */
export function metricData(
  find: Find,
  queries: readonly MetricDataQuery[],
  start: Date | undefined,
  end: Date | undefined,
  scanBy = 'TimestampDescending',
): MetricDataResult[] {
  const range = checkRange(start, end);
  if (queries.length > MOST_QUERIES)
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`);
  const ids = queries.map(({ Id }) => Id);
  for (const id of ids)
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(id ?? '')) throw invalid(`The value ${id} for parameter Id is invalid.`);
  if (new Set(ids).size < ids.length)
    throw invalid('The values for parameter Id in MetricDataQueries are not unique.');
  for (const { Id, MetricStat, Expression } of queries)
    if (Expression || !MetricStat)
      throw invalid(
        `Query ${Id} is a metric math expression, which is not served locally; ask for a MetricStat.`,
      );
  return queries.flatMap((query) => {
    const points = data(find, query, range);
    if (scanBy === 'TimestampDescending') points.reverse();
    if (query.ReturnData === false) return [];
    return {
      Id: query.Id,
      Label: query.Label ?? query.MetricStat!.Metric!.MetricName,
      Timestamps: points.map(([at]) => new Date(at)),
      Values: points.map(([, value]) => value),
      StatusCode: 'Complete' as const,
    };
  });
}

/** GetMetricStatistics; Statistics and ExtendedStatistics exclude each other. */
export function metricStatistics(find: Find, input: GetMetricStatisticsInput) {
  const { Namespace, MetricName, Dimensions, Period, Statistics, ExtendedStatistics } = input;
  if (!Statistics === !ExtendedStatistics)
    throw combination('Exactly one of the parameters Statistics and ExtendedStatistics must be given.');
  const range = checkRange(input.StartTime, input.EndTime);
  const period = checkPeriod(Period);
  const asked = Math.ceil((range[1] - range[0]) / period);
  if (asked > MOST_DATAPOINTS) {
    throw combination(
      `You have requested up to ${asked} datapoints, which exceeds the limit of ${MOST_DATAPOINTS}.`,
    );
  }
  const series = find(Namespace!, MetricName!, dimensionsOf(Dimensions));
  const periods = series?.periods(...range, period) ?? new Map();
  return {
    Label: MetricName,
    Datapoints: [...periods].map(([at, sample]) => ({
      Timestamp: new Date(at),
      Unit: series!.unit as 'None',
      ...Object.fromEntries((Statistics ?? []).map((name) => [name, sample.statistic(name)])),
      ...(ExtendedStatistics && {
        ExtendedStatistics: Object.fromEntries(
          ExtendedStatistics.map((name) => [name, sample.statistic(name)!]),
        ),
      }),
    })),
  };
}
