import type { ECS, Tag } from '@aws-sdk/client-ecs';
import type { Operations } from '../../service';
import { invalidParameter } from './faults';
import { lastPart } from './names';
import type { Services } from './services';
import { refuseReserved } from './tag-rules';
import type { TaskDefinitions } from './task-definitions';
import type { Tasks } from './tasks';

interface Tagged {
  definitions: TaskDefinitions;
  services: Services;
  tasks: Tasks;
}

/** The tags of a task definition, service or task. */
function tagsOf(resource: string, { definitions, services, tasks }: Tagged): Tag[] {
  const kind = /:(task-definition|service|task)\//.exec(resource)?.[1];
  if (kind === 'task-definition') return definitions.require(resource).tags;
  if (kind === 'task') {
    const task = tasks.find(lastPart(resource));
    if (task) return task.tags;
  }
  if (kind === 'service') {
    const service = services.find(resource.split('/').at(-2), resource);
    if (service) return service.record.tags;
  }
  throw invalidParameter('The specified resource was not found. Specify a valid resource ARN and try again.');
}

export function createTagOperations(tagged: Tagged): Operations<ECS> {
  return {
    TagResource: ({ resourceArn, tags: added = [] }) => {
      refuseReserved(added);
      const tags = tagsOf(resourceArn!, tagged);
      for (const tag of added) {
        const existing = tags.find(({ key }) => key === tag.key);
        if (existing) existing.value = tag.value;
        else tags.push({ ...tag });
      }
      return {};
    },
    UntagResource: ({ resourceArn, tagKeys = [] }) => {
      const tags = tagsOf(resourceArn!, tagged);
      tags.splice(0, tags.length, ...tags.filter(({ key }) => !tagKeys.includes(key ?? '')));
      return {};
    },
    ListTagsForResource: ({ resourceArn }) => ({ tags: tagsOf(resourceArn!, tagged) }),
  };
}
