import type { Tag } from '@aws-sdk/client-rds';
import { invalidValue } from './faults';

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

interface Tagged {
  tags: Tag[];
}
/** What bears tags, by the kind of resource in its ARN. */
export type AllTagged = Record<
  string,
  { find(resource: string | undefined): Tagged; records: ReadonlyMap<string, Tagged> }
>;

/** What carries the tags of an ARN. */
export function tagged(resource: string | undefined, all: AllTagged): Tagged {
  const kind = /^arn:aws:rds:[^:]*:[^:]*:([a-z-]+):[^:]+$/.exec(resource ?? '')?.[1];
  const kept = all[kind ?? ''];
  if (!kept) throw invalidValue(`Invalid resource name: ${resource}`);
  return kept.find(resource);
}

/** The tags of what is there; undefined for any other ARN. */
export function tagsByKey(resource: string, all: AllTagged) {
  const [, , , , , kind, name = ''] = resource.split(':');
  const found = all[kind ?? '']?.records.get(name);
  return found && Object.fromEntries(found.tags.map(({ Key, Value }) => [Key!, Value ?? '']));
}
