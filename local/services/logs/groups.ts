import { ResourceAlreadyExistsException, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../../clock';
import { createGroup, type LogGroup, type LogStream } from './streams';

/** The log groups by name or ARN, with CloudWatch's errors for what is missing or there already. */
export function createGroups(clock: Clock) {
  const groups = new Map<string, LogGroup>();

  const groupOf = (name: string | undefined, identifier?: string): LogGroup => {
    const plain = name ?? identifier?.replace(/^arn:[^/]*?:log-group:/, '').replace(/:\*$/, '');
    const group = groups.get(plain ?? '');
    if (group === undefined) {
      throw new ResourceNotFoundException({
        message: 'The specified log group does not exist.',
        $metadata: {},
      });
    }
    return group;
  };

  const existingStream = (group: LogGroup, name: string | undefined): LogStream => {
    const stream = group.streams.get(name ?? '');
    if (stream === undefined) {
      throw new ResourceNotFoundException({
        message: 'The specified log stream does not exist.',
        $metadata: {},
      });
    }
    return stream;
  };

  const addGroup = (name: string, retentionInDays?: number) => {
    if (groups.has(name)) {
      throw new ResourceAlreadyExistsException({
        message: 'The specified log group already exists',
        $metadata: {},
      });
    }
    groups.set(name, createGroup(name, clock.now(), retentionInDays));
  };

  return { groups, groupOf, existingStream, addGroup };
}

export type Groups = ReturnType<typeof createGroups>;
