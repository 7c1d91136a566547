import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Period } from '../domain/evidence/latency';
import type { RequestCounts } from '../domain/evidence/request-counts';
import type { Settings } from '../domain/settings/settings';
import type { Port } from '../domain/step/port';
import type { Place } from '../domain/traffic/weights';

export interface Metrics {
  /**
   * Requests of a place between two instants, and how many failed: answered with 5xx, or not at all because no
   * connection came about. An absent error metric means none.
   */
  answers(settings: Settings, place: Place, from: Date, to: Date): Promise<RequestCounts>;
  /** The same by period, with the response times of the place's targets; periods without requests are absent. */
  periods(settings: Settings, place: Place, from: Date, to: Date): Promise<Period[]>;
}

/** The load balancer publishes once a minute. Source: Elastic Load Balancing User Guide, CloudWatch metrics. */
const PERIOD_SECONDS = 60;

type Points = Map<number, number>;
type MetricStatistic = [id: string, metric: string, statistic: string];

const COUNTS: MetricStatistic[] = [
  ['requests', 'RequestCount', 'Sum'],
  ['errors', 'HTTPCode_Target_5XX_Count', 'Sum'],
  ['refused', 'TargetConnectionErrorCount', 'Sum'],
];

/** Asks for statistics of a target group's metrics; points by their time in ms. CloudWatch refuses an empty window. */
async function read(
  cloudwatch: CloudWatchClient,
  settings: Settings,
  place: Place,
  query: { from: Date; to: Date; period: number; metrics: MetricStatistic[] },
): Promise<Record<string, Points>> {
  const group =
    place === 'page' ? settings.maintenance?.targetGroupFullName : settings.slots[place].targetGroupFullName;
  if (query.to.getTime() - query.from.getTime() < 1000) return {};
  const MetricDataQueries = query.metrics.map(
    ([Id, MetricName, Stat]): MetricDataQuery => ({
      Id,
      MetricStat: {
        Period: query.period,
        Stat,
        Metric: {
          Namespace: 'AWS/ApplicationELB',
          MetricName,
          Dimensions: [
            { Name: 'LoadBalancer', Value: settings.traffic.loadBalancerFullName },
            { Name: 'TargetGroup', Value: group },
          ],
        },
      },
    }),
  );
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({ StartTime: query.from, EndTime: query.to, MetricDataQueries }),
  );
  return Object.fromEntries(
    MetricDataResults.map(({ Id = '', Timestamps = [], Values = [] }) => [
      Id,
      new Map(Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0])),
    ]),
  );
}

const total = (points: Points | undefined) =>
  [...(points?.values() ?? [])].reduce((sum, value) => sum + value, 0);

export const metrics: Port<Metrics> = {
  grants: [{ sid: 'ReadMetrics', actions: ['cloudwatch:GetMetricData'], on: '*' }],
  open() {
    const cloudwatch = new CloudWatchClient({});
    return {
      async answers(settings, place, from, to) {
        const { requests, errors, refused } = await read(cloudwatch, settings, place, {
          from,
          to,
          period: PERIOD_SECONDS,
          metrics: COUNTS,
        });
        return { requests: total(requests) + total(refused), errors: total(errors) + total(refused) };
      },
      async periods(settings, place, from, to) {
        const { requests, errors, refused, p50, p99 } = await read(cloudwatch, settings, place, {
          from,
          to,
          period: settings.thresholds.periodSeconds,
          metrics: [...COUNTS, ['p50', 'TargetResponseTime', 'p50'], ['p99', 'TargetResponseTime', 'p99']],
        });
        const times = new Set([...(requests?.keys() ?? []), ...(refused?.keys() ?? [])]);
        return [...times].map((at) => ({
          requests: (requests?.get(at) ?? 0) + (refused?.get(at) ?? 0),
          errors: (errors?.get(at) ?? 0) + (refused?.get(at) ?? 0),
          p50: p50?.get(at),
          p99: p99?.get(at),
        }));
      },
    };
  },
};
