import { isDeepStrictEqual } from 'node:util';
import type { MakeDependencies } from './make-resource';
import type { Plan } from './plan';
import { namesIn } from './references';
import type { StackResource } from './scope';

/** What an update would do with a resource, before it does it. */
export interface ResourceChange {
  action: 'Add' | 'Modify' | 'Remove';
  logicalId: string;
  type: string;
  ref?: string;
  /** Of a Modify: whether another one takes its place; `Conditional` where only the update itself can tell. */
  replacement?: 'True' | 'False' | 'Conditional';
  /** Of a Modify: the properties that differ, and the resource whose change changes them, where it is one. */
  properties: readonly { name: string; because?: string }[];
  /** Attributes outside of its properties that differ. */
  attributes: readonly ('Metadata' | 'DeletionPolicy' | 'UpdateReplacePolicy')[];
  deletionPolicy: string;
}

const ATTRIBUTES = ['Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'] as const;

interface Now {
  plan: Plan;
  resources: ReadonlyMap<string, StackResource>;
  deps: MakeDependencies;
}

type Named = Record<string, unknown>;

const names = (before: Named, after: Named) => [...new Set([...Object.keys(before), ...Object.keys(after)])];

/** The properties of a resource that are others in the new plan: by their values where these are known, else as written. */
async function differing(
  id: string,
  now: Now,
  plan: Plan,
  isNew: (id: string) => boolean,
): Promise<string[]> {
  const existing = now.resources.get(id)!;
  const unknown = plan.needs(id).some(isNew);
  const before: Named = unknown ? (now.plan.declaration(id).Properties ?? {}) : existing.properties;
  const after: Named = unknown ? (plan.declaration(id).Properties ?? {}) : await plan.properties(id);
  return names(before, after).filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

const replacementOf = (type: string, { updates = {}, removals = {} }: MakeDependencies) => {
  if (type in updates) return 'False';
  return type in removals ? 'True' : 'Conditional';
};

/**
 * What an update to `plan` would change. A resource that names one that is replaced changes as well. Source: CloudFormation
 * API Reference, ResourceChange.
 */
export async function changesTo(plan: Plan, now: Now): Promise<ResourceChange[]> {
  const { resources } = now;
  const changes = new Map<string, ResourceChange>();
  for (const id of plan.order) {
    const declaration = plan.declaration(id);
    const { Type: type, DeletionPolicy: deletionPolicy = 'Delete' } = declaration;
    const existing = resources.get(id);
    const one = { logicalId: id, type, deletionPolicy };
    if (!existing) {
      changes.set(id, { ...one, action: 'Add', properties: [], attributes: [] });
      continue;
    }
    const own = await differing(id, now, plan, (needed) => !resources.has(needed));
    const replaced = plan.needs(id).filter((needed) => changes.get(needed)?.replacement === 'True');
    const following = Object.entries(declaration.Properties ?? {}).flatMap(([name, value]) => {
      const because = replaced.find((needed) => namesIn(value).has(needed));
      return because === undefined || own.includes(name) ? [] : [{ name, because }];
    });
    const properties = [...own.map((name) => ({ name })), ...following];
    const before = now.plan.declaration(id);
    const attributes = ATTRIBUTES.filter((name) => !isDeepStrictEqual(before[name], declaration[name]));
    if (properties.length + attributes.length === 0) continue;
    const replacement = properties.length > 0 ? replacementOf(type, now.deps) : 'False';
    changes.set(id, { ...one, action: 'Modify', ref: existing.ref, replacement, properties, attributes });
  }
  const removed = [...resources].filter(([id]) => !plan.declares(id));
  return [
    ...changes.values(),
    ...removed.map(([logicalId, { type, ref, deletionPolicy }]) => ({
      ...{ action: 'Remove' as const, logicalId, type, ref, deletionPolicy },
      ...{ properties: [], attributes: [] },
    })),
  ];
}
