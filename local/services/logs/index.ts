import type { Clock } from '../../clock';
import type { LogSink, ResourceMaker, Service } from '../../service';
import { createGroups } from './groups';
import { createLogOperations, groupArn } from './operations';
import { append, streamOf } from './streams';

/**
 * CloudWatch Logs in bounded memory: of each stream the newest events are kept. What the local cloud's functions and
 * containers print arrives through `write`, which makes the group and the stream as Lambda does.
 */
export function createLogs({ clock }: { clock: Clock }): Service & LogSink {
  const store = createGroups(clock);
  const { groups, addGroup } = store;

  const declare: ResourceMaker = (properties, { name }) => {
    const group = properties.LogGroupName ?? name;
    // what was written before the template came to its group stays
    if (!groups.has(group)) addGroup(group);
    groups.get(group)!.retentionInDays = properties.RetentionInDays;
    return { ref: group, attributes: { Arn: `${groupArn(group)}:*` } };
  };
  return {
    signingName: 'logs',
    operations: createLogOperations(store, clock),
    resources: { 'AWS::Logs::LogGroup': declare },
    updates: { 'AWS::Logs::LogGroup': declare },
    removals: { 'AWS::Logs::LogGroup': (ref) => void groups.delete(ref) },
    write(groupName, streamName, message) {
      const now = clock.now();
      if (!groups.has(groupName)) addGroup(groupName);
      append(streamOf(groups.get(groupName)!, streamName, now), message, now, now);
    },
  };
}
