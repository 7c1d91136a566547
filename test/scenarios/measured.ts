import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import type { World } from './world';

const DAY_MS = 86_400_000;

/** The sums of all that a workflow has measured so far: of a service, or of all together. Cloud time may be days ahead. */
export async function measured(
  { aws }: Pick<World, 'aws'>,
  service?: string,
  Namespace = 'Greenlight/Shop',
): Promise<Record<string, number>> {
  const cloudwatch = new CloudWatch(aws);
  const { Metrics = [] } = await cloudwatch.listMetrics({ Namespace });
  const own = Metrics.filter(({ Dimensions: [dimension] = [] }) => dimension?.Value === service);
  const sums = await Promise.all(
    own.map(async ({ MetricName, Dimensions }) => {
      const { Datapoints = [] } = await cloudwatch.getMetricStatistics({
        ...{ Namespace, MetricName, Dimensions, Statistics: ['Sum'], Period: DAY_MS / 1000 },
        StartTime: new Date(Date.now() - DAY_MS),
        EndTime: new Date(Date.now() + 100 * DAY_MS),
      });
      return [MetricName ?? '', Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)] as const;
    }),
  );
  return Object.fromEntries(sums);
}
