import {
  type CloudWatch,
  DashboardNotFoundError,
  InvalidParameterCombinationException,
  type MetricDatum,
  type PutMetricAlarmInput,
  ResourceNotFound,
} from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../clock';
import { arn } from '../../names';
import type { Metrics, Operations, Service } from '../../service';
import { dimensionsOf, type Find, invalid, metricData, metricStatistics } from './queries';
import { Series } from './series';

export interface CloudWatchService extends Service, Metrics {}

const HOUR_MS = 3_600_000;
/** How far the time of a datum may lie from now (API reference, PutMetricData). */
const OLDEST_MS = 14 * 24 * HOUR_MS;
const NEWEST_MS = 2 * HOUR_MS;

const combination = (message: string) => new InvalidParameterCombinationException({ message, $metadata: {} });

/** How many different metrics are kept; on AWS their number is unlimited. */
const METRICS = 10_000;

const keyOf = (namespace: string, name: string, dimensions: Record<string, string>) =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

/**
 * CloudWatch metrics, alarms as records, and dashboards. A sample counts from the moment it is recorded, not from
 * the end of its minute, and a window holds exactly the samples of [StartTime, EndTime). Alarms keep the state
 * INSUFFICIENT_DATA: they are not evaluated.
 */
export function createCloudWatch({ clock }: { clock: Clock }): CloudWatchService {
  const metrics = new Map<string, Series>();
  const alarms = new Map<string, PutMetricAlarmInput & { updated: Date }>();
  const dashboards = new Map<string, string>();

  const find: Find = (namespace, name, dimensions) => metrics.get(keyOf(namespace, name, dimensions));

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
    series(namespace, MetricName!, dimensionsOf(Dimensions), Unit).add(
      at,
      values,
      Counts ?? values.map(() => 1),
    );
  }

  const alarmArn = (name: string) => arn('cloudwatch', `alarm:${name}`);

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
      alarms.set(alarm.AlarmName!, { ...alarm, updated: new Date(clock.now()) });
      return {};
    },
    DescribeAlarms: ({ AlarmNames, AlarmNamePrefix = '' }) => ({
      MetricAlarms: [...alarms.values()]
        .filter(({ AlarmName }) => AlarmNames?.includes(AlarmName!) ?? AlarmName!.startsWith(AlarmNamePrefix))
        .map(({ updated, Tags: _, ...alarm }) => ({
          ...alarm,
          AlarmArn: alarmArn(alarm.AlarmName!),
          AlarmConfigurationUpdatedTimestamp: updated,
          StateValue: 'INSUFFICIENT_DATA' as const,
          StateReason: 'Unchecked: Initial alarm creation',
          StateUpdatedTimestamp: updated,
        })),
      CompositeAlarms: [],
    }),
    DeleteAlarms: ({ AlarmNames = [] }) => {
      for (const name of AlarmNames)
        if (!alarms.delete(name))
          throw new ResourceNotFound({ message: `Alarm ${name} does not exist`, $metadata: {} });
      return {};
    },
    ListDashboards: () => ({
      DashboardEntries: [...dashboards.keys()].map((DashboardName) => ({ DashboardName })),
    }),
    GetDashboard: ({ DashboardName }) => {
      const DashboardBody = dashboards.get(DashboardName!);
      if (DashboardBody === undefined) {
        const message = `Dashboard ${DashboardName} does not exist`;
        throw new DashboardNotFoundError({ message, $metadata: {} });
      }
      return { DashboardName, DashboardBody };
    },
  };

  return {
    signingName: 'monitoring',
    operations,
    resources: {
      'AWS::CloudWatch::Alarm': (properties, { name }) => {
        const AlarmName = properties.AlarmName ?? name;
        alarms.set(AlarmName, { ...properties, AlarmName, updated: new Date(clock.now()) });
        return { ref: AlarmName, attributes: { Arn: alarmArn(AlarmName) } };
      },
      'AWS::CloudWatch::Dashboard': ({ DashboardName, DashboardBody }, { name }) => {
        dashboards.set(DashboardName ?? name, DashboardBody);
        return { ref: DashboardName ?? name };
      },
    },
    record: ({ namespace, name, dimensions, unit, value, values = [value], counts, at = clock.now() }) =>
      series(namespace, name, dimensions, unit).add(at, values, counts ?? values.map(() => 1)),
  };
}
