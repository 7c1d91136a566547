import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Trial } from '../domain/deployment/variables';
import { READ_LINES } from '../domain/privacy/last-words';
import type { Port } from '../domain/step/port';

export interface TaskLog {
  /** The newest lines that a container of a task has written, the oldest first; none where it has written nothing yet. */
  last(log: NonNullable<Trial['log']>, container: string, task: string): Promise<string[]>;
}

export const taskLog: Port<TaskLog> = {
  grants: [{ sid: 'ReadTaskLogs', actions: ['logs:GetLogEvents'], on: ['taskLogs'] }],
  open() {
    const logs = new CloudWatchLogsClient({});
    return {
      async last({ group, prefix }, container, task) {
        try {
          const { events = [] } = await logs.send(
            new GetLogEventsCommand({
              logGroupName: group,
              // Source: Amazon ECS Developer Guide, "Send Amazon ECS logs to CloudWatch": awslogs-stream-prefix
              logStreamName: `${prefix}/${container}/${task.split('/').at(-1)}`,
              limit: READ_LINES,
            }),
          );
          return events.map(({ message = '' }) => message);
        } catch (error) {
          if ((error as Error).name !== 'ResourceNotFoundException') throw error;
          return [];
        }
      },
    };
  },
};
