import type { Clock } from '../../clock';
import type { LogSink, Metrics, ResourceMaker, Service } from '../../service';
import { embeddedIn } from './embedded';
import { createGroups } from './groups';
import { createMetricFilters } from './metric-filters';
import { createLogOperations, groupArn } from './operations';
import { append, streamOf } from './streams';

/**
 * CloudWatch Logs in bounded memory: of each stream the newest events are kept. What the local cloud's functions and
 * containers print arrives through `write`, which makes the group and the stream as Lambda does. Lines that hold metrics, or are
 * counted by a metric filter, are told to CloudWatch.
 */
export function createLogs({
  clock,
  metrics = { record: () => {} },
}: {
  clock: Clock;
  metrics?: Metrics;
}): Service & LogSink {
  const store = createGroups(clock);
  const { groups, addGroup } = store;
  const filters = createMetricFilters(store, metrics);
  const arrived = (group: string, message: string) => {
    for (const metric of embeddedIn(message)) metrics.record(metric);
    filters.count(group, message);
  };

  const declare: ResourceMaker = (properties, { name }) => {
    const group = properties.LogGroupName ?? name;
    // what was written before the template came to its group stays
    if (!groups.has(group)) addGroup(group);
    groups.get(group)!.retentionInDays = properties.RetentionInDays;
    return { ref: group, attributes: { Arn: `${groupArn(group)}:*` } };
  };
  return {
    signingName: 'logs',
    operations: createLogOperations(store, clock, arrived),
    resources: { 'AWS::Logs::LogGroup': declare, 'AWS::Logs::MetricFilter': filters.declare },
    updates: { 'AWS::Logs::LogGroup': declare, 'AWS::Logs::MetricFilter': filters.declare },
    removals: {
      'AWS::Logs::LogGroup': (ref) => void groups.delete(ref),
      'AWS::Logs::MetricFilter': filters.delete,
    },
    write(groupName, streamName, message) {
      const now = clock.now();
      if (!groups.has(groupName)) addGroup(groupName);
      append(streamOf(groups.get(groupName)!, streamName, now), message, now, now);
      arrived(groupName, message);
    },
  };
}
