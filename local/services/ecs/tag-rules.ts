import type { PropagateTags, Tag } from '@aws-sdk/client-ecs';
import { invalidParameter } from './faults';

const isReserved = ({ key = '' }: Tag) => /^aws:/i.test(key);

/** Keys that nobody but AWS sets are refused. Source: Amazon ECS API Reference, Tag. */
export function refuseReserved(tags: readonly Tag[] = []): void {
  const reserved = tags.find(isReserved);
  if (reserved)
    throw invalidParameter(
      `Invalid tag key ${reserved.key}: aws: prefixed tag key names are not allowed for external use.`,
    );
}

/** The tags that a new task gets from its task definition or its service; those of AWS stay where they are. */
export function propagated(
  from: PropagateTags = 'NONE',
  { definition, service }: { definition: { tags: Tag[] }; service?: { tags: Tag[] } },
): Tag[] {
  const source = from === 'TASK_DEFINITION' ? definition : from === 'SERVICE' ? service : undefined;
  return (source?.tags ?? []).filter((tag) => !isReserved(tag)).map((tag) => ({ ...tag }));
}
