import { type CloudWatchLogs, ResourceAlreadyExistsException } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../../clock';
import { arn } from '../../names';
import type { Operations } from '../../service';
import { checkBatch, checkRetention, invalid, sortOut } from './batch';
import { matcher } from './filter';
import type { Groups } from './groups';
import { PAGE, page } from './page';
import { append, type LogEvent, type LogGroup, type LogStream, streamOf } from './streams';

const within = (event: LogEvent, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) =>
  event.timestamp >= from && event.timestamp < to;

export const groupArn = (name: string) => arn('logs', `log-group:${name}`);

const describeStream = (group: LogGroup, stream: LogStream) => ({
  logStreamName: stream.name,
  creationTime: stream.createdAt,
  firstEventTimestamp: stream.events[0]?.timestamp,
  lastEventTimestamp: stream.events.at(-1)?.timestamp,
  lastIngestionTime: stream.events.at(-1)?.ingestionTime,
  arn: `${groupArn(group.name)}:log-stream:${stream.name}`,
  storedBytes: 0,
});

export function createLogOperations(
  { groups, groupOf, existingStream, addGroup }: Groups,
  clock: Clock,
  arrived: (group: string, message: string) => void,
): Operations<CloudWatchLogs> {
  return {
    CreateLogGroup: ({ logGroupName }) => {
      addGroup(logGroupName!);
      return {};
    },

    CreateLogStream: ({ logGroupName, logStreamName }) => {
      const group = groupOf(logGroupName);
      if (group.streams.has(logStreamName!)) {
        throw new ResourceAlreadyExistsException({
          message: 'The specified log stream already exists',
          $metadata: {},
        });
      }
      streamOf(group, logStreamName!, clock.now());
      return {};
    },

    PutLogEvents: ({ logGroupName, logStreamName, logEvents = [] }) => {
      const stream = existingStream(groupOf(logGroupName), logStreamName);
      checkBatch(logEvents);
      const now = clock.now();
      const { taken, rejectedLogEventsInfo } = sortOut(logEvents, now, groupOf(logGroupName).retentionInDays);
      for (const { message, timestamp } of taken) {
        append(stream, message!, timestamp!, now);
        arrived(logGroupName!, message!);
      }
      return { nextSequenceToken: '1', rejectedLogEventsInfo };
    },

    PutRetentionPolicy: ({ logGroupName, retentionInDays }) => {
      checkRetention(retentionInDays!);
      groupOf(logGroupName).retentionInDays = retentionInDays;
      return {};
    },

    DescribeLogGroups: ({ logGroupNamePrefix = '', logGroupNamePattern = '', nextToken, limit = 50 }) => {
      if (logGroupNamePrefix && logGroupNamePattern)
        throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
      const found = [...groups.values()]
        .filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, nextToken: next } = page(found, nextToken, limit);
      return {
        logGroups: items.map(({ name, createdAt, retentionInDays }) => ({
          logGroupName: name,
          creationTime: createdAt,
          retentionInDays,
          metricFilterCount: 0,
          arn: `${groupArn(name)}:*`,
          logGroupArn: groupArn(name),
          storedBytes: 0,
        })),
        nextToken: next,
      };
    },

    DescribeLogStreams: (input) => {
      if (input.logStreamNamePrefix !== undefined && input.orderBy === 'LastEventTime')
        throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
      const group = groupOf(input.logGroupName, input.logGroupIdentifier);
      const found = [...group.streams.values()].filter(({ name }) =>
        name.startsWith(input.logStreamNamePrefix ?? ''),
      );
      const lastEvent = ({ events }: LogStream) => events.at(-1)?.timestamp ?? 0;
      found.sort((a, b) =>
        input.orderBy === 'LastEventTime' ? lastEvent(a) - lastEvent(b) : a.name < b.name ? -1 : 1,
      );
      if (input.descending) found.reverse();
      const { items, nextToken } = page(found, input.nextToken, input.limit ?? 50);
      return { logStreams: items.map((stream) => describeStream(group, stream)), nextToken };
    },

    GetLogEvents: (input) => {
      const stream = existingStream(
        groupOf(input.logGroupName, input.logGroupIdentifier),
        input.logStreamName,
      );
      const events = stream.events.filter((event) => within(event, input.startTime, input.endTime));
      const limit = Math.min(input.limit ?? PAGE, PAGE);
      // a token says before or after which event id to go on, so that it holds while events are added and forgotten
      const [direction, id] = input.nextToken?.split('/') ?? [];
      let items: LogEvent[];
      if (direction === 'f') items = events.filter((event) => event.id > id!).slice(0, limit);
      else if (direction === 'b') items = events.filter((event) => event.id < id!).slice(-limit);
      else items = input.startFromHead ? events.slice(0, limit) : events.slice(-limit);
      return {
        events: items.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
        nextForwardToken: items.length > 0 || id === undefined ? `f/${items.at(-1)?.id ?? '0'}` : `f/${id}`,
        nextBackwardToken: items.length > 0 || id === undefined ? `b/${items[0]?.id ?? '0'}` : `b/${id}`,
      };
    },

    FilterLogEvents: (input) => {
      if (input.logStreamNamePrefix !== undefined && input.logStreamNames !== undefined)
        throw invalid('logStreamNamePrefix and logStreamNames are mutually exclusive parameters.');
      const group = groupOf(input.logGroupName, input.logGroupIdentifier);
      const matches = matcher(input.filterPattern);
      const found = [...group.streams.values()]
        .filter(({ name }) => input.logStreamNames?.includes(name) ?? true)
        .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
        .flatMap(({ name, events }) =>
          events
            .filter((event) =>
              within(event, input.startTime, (input.endTime ?? Number.POSITIVE_INFINITY) + 1),
            )
            .filter(({ message }) => matches(message))
            .map((event) => ({ ...event, logStreamName: name })),
        )
        .sort((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1));
      const { items, nextToken } = page(found, input.nextToken, input.limit);
      return { events: items.map(({ id, ...event }) => ({ ...event, eventId: id })), nextToken };
    },
  };
}
