import type { Tag } from '@aws-sdk/client-rds';
import { invalidValue } from './faults';
import type { Instances } from './instances';
import type { Snapshots } from './snapshots';

/** Sets tags by key. */
export function mergeTags(tags: Tag[], added: Tag[]) {
  for (const tag of added) {
    const existing = tags.find(({ Key }) => Key === tag.Key);
    if (existing) existing.Value = tag.Value;
    else tags.push({ ...tag });
  }
}

export function removeTags(tags: Tag[], keys: readonly string[]) {
  tags.splice(0, tags.length, ...tags.filter(({ Key }) => !keys.includes(Key!)));
}

/** What carries the tags of an instance's or snapshot's ARN. */
export function tagged(
  resource: string | undefined,
  instances: Instances,
  snapshots: Snapshots,
): { tags: Tag[] } {
  const kind = /^arn:aws:rds:[^:]*:[^:]*:(db|snapshot):[^:]+$/.exec(resource ?? '')?.[1];
  if (kind === 'db') return instances.find(resource);
  if (kind === 'snapshot') return snapshots.find(resource);
  throw invalidValue(`Invalid resource name: ${resource}`);
}

/** The tags of an instance or snapshot that is there; undefined for any other ARN. */
export function tagsByKey(resource: string, instances: Instances, snapshots: Snapshots) {
  const [, , , , , kind, name = ''] = resource.split(':');
  const records = { db: instances.records, snapshot: snapshots.records }[kind ?? ''];
  const found = records?.get(name);
  return found && Object.fromEntries(found.tags.map(({ Key, Value }) => [Key!, Value ?? '']));
}
