import type { CloudWatch, MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../clock';
import type { Metrics, Operations, ResourceMaker, Service } from '../../service';
import { Alarms, type AlarmsOptions, alarmArn } from './alarms';
import { Dashboards } from './dashboards';
import { combination, dimensionsOf, type Find, invalid, metricData, metricStatistics } from './queries';
import { Series } from './series';

export interface CloudWatchService extends Service, Metrics {}

const HOUR_MS = 3_600_000;
/** How far the time of a datum may lie from now (API reference, PutMetricData). */
const OLDEST_MS = 14 * 24 * HOUR_MS;
const NEWEST_MS = 2 * HOUR_MS;

/** How many different metrics are kept; on AWS their number is unlimited. */
const METRICS = 10_000;

const keyOf = (namespace: string, name: string, dimensions: Record<string, string>) =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

/**
 * CloudWatch metrics, alarms, and dashboards. What parts of the local cloud record counts from its own moment, not from the
 * end of its minute, and a window holds exactly the samples of [StartTime, EndTime). What is put counts for its minute, or
 * for its second with a storage resolution of 1 (API reference, MetricDatum).
 * @param tells where state changes of alarms are told of: the bus, and the topics of their actions; nowhere by default
 */
export function createCloudWatch({
  clock,
  tells = { emit: () => {}, publish: () => {} },
}: {
  clock: Clock;
  tells?: Pick<AlarmsOptions, 'emit' | 'publish'>;
}): CloudWatchService {
  const metrics = new Map<string, Series>();
  const dashboards = new Dashboards();

  const find: Find = (namespace, name, dimensions) => metrics.get(keyOf(namespace, name, dimensions));
  const alarms = new Alarms({ clock, find, ...tells });

  function series(
    namespace: string,
    name: string,
    dimensions: Record<string, string>,
    unit = 'None',
  ): Series {
    const key = keyOf(namespace, name, dimensions);
    let found = metrics.get(key);
    if (!found) {
      if (metrics.size >= METRICS)
        throw invalid(`at most ${METRICS} metrics are kept locally; use fewer dimensions`);
      found = new Series(namespace, name, dimensions, unit);
      metrics.set(key, found);
    }
    return found;
  }

  function put(namespace: string, datum: MetricDatum): void {
    const {
      MetricName,
      Dimensions,
      Timestamp,
      Unit,
      Value,
      Values,
      Counts,
      StatisticValues,
      StorageResolution,
    } = datum;
    const values = Values ?? (Value === undefined ? [] : [Value]);
    if (StatisticValues) throw invalid('StatisticValues are not served locally; send Values and Counts.');
    if (Value !== undefined && Values !== undefined)
      throw combination(`The parameters Value and Values of ${MetricName} exclude each other.`);
    for (const value of values)
      if (!Number.isFinite(value)) throw invalid(`The value ${value} of ${MetricName} is no number.`);
    if (StorageResolution !== undefined && StorageResolution !== 1 && StorageResolution !== 60)
      throw invalid(`The parameter StorageResolution of ${MetricName} must be 1 or 60.`);
    if (values.length === 0) throw invalid(`The metric ${MetricName} has no value.`);
    if (Counts && Counts.length !== values.length)
      throw invalid('Values and Counts must be of the same length.');
    const at = Timestamp?.getTime() ?? clock.now();
    if (at < clock.now() - OLDEST_MS || at > clock.now() + NEWEST_MS)
      throw invalid(`The timestamp of ${MetricName} is more than two weeks ago or two hours ahead.`);
    const resolution = (StorageResolution ?? 60) * 1000;
    series(namespace, MetricName!, dimensionsOf(Dimensions), Unit).add(
      Math.floor(at / resolution) * resolution,
      values,
      Counts ?? values.map(() => 1),
    );
  }

  const operations: Operations<CloudWatch> = {
    PutMetricData: ({ Namespace, MetricData = [] }) => {
      if (Namespace!.startsWith('AWS/')) throw invalid('The value AWS/ for parameter Namespace is invalid.');
      for (const datum of MetricData) put(Namespace!, datum);
      return {};
    },
    GetMetricData: ({ MetricDataQueries = [], StartTime, EndTime, ScanBy }) => ({
      MetricDataResults: metricData(find, MetricDataQueries, StartTime, EndTime, ScanBy),
      Messages: [],
    }),
    GetMetricStatistics: (input) => metricStatistics(find, input),
    ListMetrics: ({ Namespace, MetricName, Dimensions = [] }) => ({
      Metrics: [...metrics.values()]
        .filter(
          ({ namespace, name, dimensions }) =>
            (!Namespace || namespace === Namespace) &&
            (!MetricName || name === MetricName) &&
            Dimensions.every(
              ({ Name, Value }) =>
                Name! in dimensions && (Value === undefined || dimensions[Name!] === Value),
            ),
        )
        .map(({ namespace, name, dimensions }) => ({
          Namespace: namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        })),
    }),
    PutMetricAlarm: (alarm) => {
      alarms.put(alarm);
      return {};
    },
    DescribeAlarms: (input) => {
      const { alarms: MetricAlarms, nextToken: NextToken } = alarms.describe(input);
      return { MetricAlarms, CompositeAlarms: [], NextToken };
    },
    DescribeAlarmHistory: (input) => {
      const { items: AlarmHistoryItems, nextToken: NextToken } = alarms.historyOf(input);
      return { AlarmHistoryItems, NextToken };
    },
    SetAlarmState: ({ AlarmName, StateValue, StateReason }) => {
      alarms.setState(AlarmName!, StateValue!, StateReason!);
      return {};
    },
    DeleteAlarms: ({ AlarmNames = [] }) => {
      alarms.delete(AlarmNames);
      return {};
    },
    EnableAlarmActions: ({ AlarmNames = [] }) => {
      alarms.setActions(AlarmNames, true);
      return {};
    },
    DisableAlarmActions: ({ AlarmNames = [] }) => {
      alarms.setActions(AlarmNames, false);
      return {};
    },
    ListDashboards: () => ({
      DashboardEntries: dashboards.names().map((DashboardName) => ({ DashboardName })),
    }),
    GetDashboard: ({ DashboardName }) => ({ DashboardName, DashboardBody: dashboards.get(DashboardName!) }),
    PutDashboard: ({ DashboardName, DashboardBody }) => {
      dashboards.put(DashboardName!, DashboardBody!);
      return { DashboardValidationMessages: [] };
    },
  };

  const declareAlarm: ResourceMaker = (properties, { name }) => {
    const AlarmName = properties.AlarmName ?? name;
    alarms.put({ ...properties, AlarmName });
    return { ref: AlarmName, attributes: { Arn: alarmArn(AlarmName) } };
  };
  const declareDashboard: ResourceMaker = ({ DashboardName, DashboardBody }, { name }) => {
    dashboards.put(DashboardName ?? name, DashboardBody);
    return { ref: DashboardName ?? name };
  };
  const declared = {
    'AWS::CloudWatch::Alarm': declareAlarm,
    'AWS::CloudWatch::Dashboard': declareDashboard,
  };

  return {
    signingName: 'monitoring',
    operations,
    resources: declared,
    updates: declared,
    removals: {
      'AWS::CloudWatch::Alarm': (ref) => alarms.delete([ref]),
      'AWS::CloudWatch::Dashboard': (ref) => dashboards.delete(ref),
    },
    record: ({ namespace, name, dimensions, unit, value, values = [value], counts, at = clock.now() }) =>
      series(namespace, name, dimensions, unit).add(at, values, counts ?? values.map(() => 1)),
    close: () => alarms.close(),
  };
}
