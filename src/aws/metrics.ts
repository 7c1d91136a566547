import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { definePort } from '../domain/port';
import type { Settings, Slot } from '../domain/settings';
import type { Answers } from '../domain/verdict';

export interface Metrics {
  /**
   * Requests of a slot between two instants, and how many failed: answered with 5xx, or not at all because no
   * connection came about. An absent error metric means none.
   */
  answers(settings: Settings, slot: Slot, from: Date, to: Date): Promise<Answers>;
}

/** The load balancer publishes once a minute. Source: Elastic Load Balancing User Guide, CloudWatch metrics. */
const PERIOD_SECONDS = 60;

export const metrics = definePort<Metrics>({
  grants: [{ sid: 'ReadMetrics', actions: ['cloudwatch:GetMetricData'], on: '*' }],
  open() {
    const cloudwatch = new CloudWatchClient({});
    return {
      async answers(settings, slot, from, to) {
        // CloudWatch refuses an empty window, and nothing can have been counted in it
        if (to.getTime() - from.getTime() < 1000) return { requests: 0, errors: 0 };
        const sum = (Id: string, MetricName: string): MetricDataQuery => ({
          Id,
          MetricStat: {
            Period: PERIOD_SECONDS,
            Stat: 'Sum',
            Metric: {
              Namespace: 'AWS/ApplicationELB',
              MetricName,
              Dimensions: [
                { Name: 'LoadBalancer', Value: settings.traffic.loadBalancerFullName },
                { Name: 'TargetGroup', Value: settings.slots[slot].targetGroupFullName },
              ],
            },
          },
        });
        const { MetricDataResults = [] } = await cloudwatch.send(
          new GetMetricDataCommand({
            StartTime: from,
            EndTime: to,
            MetricDataQueries: [
              sum('requests', 'RequestCount'),
              sum('errors', 'HTTPCode_Target_5XX_Count'),
              sum('refused', 'TargetConnectionErrorCount'),
            ],
          }),
        );
        const total = (id: string) =>
          (MetricDataResults.find(({ Id }) => Id === id)?.Values ?? []).reduce(
            (sum, value) => sum + value,
            0,
          );
        return { requests: total('requests') + total('refused'), errors: total('errors') + total('refused') };
      },
    };
  },
});
