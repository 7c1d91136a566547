import type { Metrics, ResourceMaker } from '../../service';
import { matcher } from './filter';
import type { Groups } from './groups';

interface MetricFilter {
  group: string;
  matches(message: string): boolean;
  metrics: { namespace: string; name: string; value: number; unit?: string }[];
}

/**
 * Metrics that count the lines of a group. Source: AWS CloudFormation User Guide, AWS::Logs::MetricFilter.
 * @throws Error for what is not counted locally: values that stand in the line, dimensions, defaults
 */
export function createMetricFilters({ groupOf }: Groups, metrics: Metrics) {
  const filters = new Map<string, MetricFilter>();

  const declare: ResourceMaker = (
    { FilterName, LogGroupName, FilterPattern, MetricTransformations },
    { name },
  ) => {
    groupOf(LogGroupName);
    const transformed = MetricTransformations.map(
      ({
        MetricNamespace,
        MetricName,
        MetricValue,
        DefaultValue,
        Dimensions,
        Unit,
      }: Record<string, string>) => {
        const value = Number(MetricValue);
        if (Number.isNaN(value) || DefaultValue !== undefined || Dimensions)
          throw new Error(
            `MetricTransformations of ${MetricName}: only a number as MetricValue is served locally, without DefaultValue and Dimensions`,
          );
        return { namespace: MetricNamespace, name: MetricName, value, unit: Unit };
      },
    );
    filters.set(FilterName ?? name, {
      group: LogGroupName,
      matches: matcher(FilterPattern),
      metrics: transformed,
    });
    return { ref: FilterName ?? name };
  };

  return {
    declare,
    delete: (name: string) => void filters.delete(name),
    /** Counts a line that has just come; only such lines are counted. */
    count(group: string, message: string): void {
      for (const filter of filters.values())
        if (filter.group === group && filter.matches(message))
          for (const metric of filter.metrics) metrics.record({ ...metric, dimensions: {} });
    },
  };
}

export type MetricFilters = ReturnType<typeof createMetricFilters>;
