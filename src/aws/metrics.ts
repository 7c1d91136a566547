import { CloudWatchClient, type MetricDataQuery, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { Period } from '../domain/evidence/latency';
import type { Looked, Point, Wanted, Window } from '../domain/evidence/metrics';
import type { OwnMetric, Series } from '../domain/evidence/own';
import { settled } from '../domain/evidence/request-counts';
import type { Slot } from '../domain/settings/choices';
import type { Settings } from '../domain/settings/settings';
import { TransientFault } from '../domain/step/errors';
import type { Port } from '../domain/step/port';
import type { RequestsPublished } from '../domain/traffic/scale-down';
import type { Place } from '../domain/traffic/weights';

export interface Metrics {
  /** Requests of a place between two instants, as far as they are published, by period and in order of time. */
  requests(settings: Settings, place: Place, from: Date, to: Date): Promise<RequestsPublished[]>;
  /**
   * What became of them by period, in order of time, with the response times of the place's targets; periods without
   * requests are absent, and so is one that is not over. An absent metric means none.
   */
  periods(settings: Settings, place: Place, from: Date, to: Date): Promise<Period[]>;
  /** What was published of a slot's series, in order of time. */
  series(series: Series, slot: Slot, window: Window): Promise<Point[]>;
  /** What was published of one of the service's own metrics, in order of time. */
  own(metric: OwnMetric, wanted: Wanted, slots: { green: Slot; blue: Slot }): Promise<Looked>;
}

type Points = Map<number, number>;
type MetricStatistic = [id: string, metric: string, statistic: string];
interface Query {
  from: Date;
  to: Date;
  period: number;
  namespace: string;
  dimensions: Record<string, string | undefined>;
  metrics: MetricStatistic[];
}

/** A request whose target refused the connection is one of these: a target had been chosen for it. */
const REQUESTS: MetricStatistic = ['requests', 'RequestCount', 'Sum'];
const ANSWERS: MetricStatistic[] = [
  ['success', 'HTTPCode_Target_2XX_Count', 'Sum'],
  ['redirect', 'HTTPCode_Target_3XX_Count', 'Sum'],
  ['clientError', 'HTTPCode_Target_4XX_Count', 'Sum'],
  ['serverError', 'HTTPCode_Target_5XX_Count', 'Sum'],
];
const TIMES: MetricStatistic[] = [
  ['p50', 'TargetResponseTime', 'p50'],
  ['p99', 'TargetResponseTime', 'p99'],
];

/** Asks for statistics of metrics with the same dimensions; points by their time in ms. CloudWatch refuses an empty window. */
async function read(cloudwatch: CloudWatchClient, query: Query | undefined): Promise<Record<string, Points>> {
  if (!query || query.to.getTime() - query.from.getTime() < 1000) return {};
  const Dimensions = Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value }));
  const MetricDataQueries = query.metrics.map(
    ([Id, MetricName, Stat]): MetricDataQuery => ({
      Id,
      MetricStat: {
        Period: query.period,
        Stat,
        Metric: { Namespace: query.namespace, MetricName, Dimensions },
      },
    }),
  );
  const read: Record<string, Points> = {};
  const partial = new Set<string>();
  const window = { StartTime: query.from, EndTime: query.to, MetricDataQueries };
  for await (const { MetricDataResults = [] } of paginateGetMetricData({ client: cloudwatch }, window))
    for (const { Id = '', StatusCode, Timestamps = [], Values = [] } of MetricDataResults) {
      read[Id] ??= new Map();
      for (const [index, at] of Timestamps.entries()) read[Id].set(at.getTime(), Values[index] ?? 0);
      // a metric goes on with the next page, and only its last one says that it is whole
      if (StatusCode === 'Complete') partial.delete(Id);
      else partial.add(Id);
    }
  // half of the errors beside all of the requests would read as healthy
  if (partial.size > 0)
    throw new TransientFault(
      `CloudWatch gave only a part of ${[...partial].join(', ')} of ${Object.values(query.dimensions).join(', ')}`,
    );
  return read;
}

/** What the load balancer counts of a place; undefined where there is none. */
function ofPlace(
  settings: Settings,
  place: Place,
  query: Pick<Query, 'from' | 'to' | 'metrics'>,
): Query | undefined {
  if (!settings.traffic) return undefined;
  const group =
    place === 'page' ? settings.maintenance?.targetGroupFullName : settings.slots[place]?.targetGroupFullName;
  return {
    ...query,
    period: settings.thresholds.periodSeconds,
    namespace: 'AWS/ApplicationELB',
    dimensions: { LoadBalancer: settings.traffic.loadBalancerFullName, TargetGroup: group },
  };
}

export const metrics: Port<Metrics> = {
  grants: [{ sid: 'ReadMetrics', actions: ['cloudwatch:GetMetricData'], on: '*' }],
  open() {
    const cloudwatch = new CloudWatchClient({});
    const series: Metrics['series'] = async (of, slot, { from, to }) => {
      const { values = [] } = await read(cloudwatch, {
        from: new Date(from),
        to: new Date(to),
        period: of.periodSeconds,
        namespace: of.namespace,
        dimensions: of.dimensions[slot] ?? {},
        metrics: [['values', of.metric, of.statistic]],
      });
      return [...values].map(([at, value]) => ({ at, value })).sort((one, other) => one.at - other.at);
    };
    return {
      async requests(settings, place, from, to) {
        const asked = ofPlace(settings, place, { from, to, metrics: [REQUESTS] });
        const { requests = [] } = await read(cloudwatch, asked);
        return [...requests]
          .map(([at, requests]) => ({ at, requests }))
          .sort((one, other) => one.at - other.at);
      },
      async periods(settings, place, from, to) {
        const period = settings.thresholds.periodSeconds;
        const metrics = [REQUESTS, ...ANSWERS, ...TIMES];
        const points = await read(cloudwatch, ofPlace(settings, place, { from, to, metrics }));
        const times = [...new Set(Object.values(points).flatMap((one) => [...one.keys()]))].sort(
          (a, b) => a - b,
        );
        const value = (id: string, at: number) => points[id]?.get(at);
        const whole = times.filter((at) => at + period * 1000 <= to.getTime());
        const counted = whole.map((at) => ({
          requests: value('requests', at) ?? 0,
          answers: {
            success: value('success', at) ?? 0,
            redirect: value('redirect', at) ?? 0,
            clientError: value('clientError', at) ?? 0,
            serverError: value('serverError', at) ?? 0,
          },
          p50: value('p50', at),
          p99: value('p99', at),
        }));
        return settled(counted, period).map((counts, index) => ({
          ...counts,
          until: (whole[index] ?? 0) + period * 1000,
          p50: counted[index]?.p50,
          p99: counted[index]?.p99,
        }));
      },
      series,
      async own(metric, { periodSeconds, ...wanted }, slots) {
        const points = async (side: 'green' | 'blue') => {
          const window = wanted[side];
          return window ? series({ ...metric, periodSeconds }, slots[side], window) : [];
        };
        const [green, blue] = await Promise.all([points('green'), points('blue')]);
        return { metric, periodSeconds, green, blue };
      },
    };
  },
};
