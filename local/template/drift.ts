import type { MakeDependencies } from './make-resource';
import type { StackResource } from './scope';

/** How a resource stands to what its template says; only what its service shows is compared. */
export interface ResourceDrift {
  logicalId: string;
  type: string;
  ref: string;
  status: 'IN_SYNC' | 'MODIFIED' | 'DELETED';
  expected: Readonly<Record<string, unknown>>;
  actual: Readonly<Record<string, unknown>>;
  differing: readonly string[];
}

/** CloudFormation takes a number for its text. */
const same = (one: unknown, other: unknown) =>
  typeof one === 'object' ? JSON.stringify(one) === JSON.stringify(other) : String(one) === String(other);

/** The resources that can be looked at; of the others nobody can say anything. */
export function driftsOf(
  resources: ReadonlyMap<string, StackResource>,
  live: MakeDependencies['live'] = {},
): ResourceDrift[] {
  return [...resources].flatMap(([logicalId, { type, ref, properties }]) => {
    const look = live[type];
    if (!look) return [];
    const now = look(ref);
    const names = Object.keys(now ?? {}).filter((name) => properties[name] !== undefined);
    const part = (of: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(names.map((name) => [name, of[name]]));
    const differing = names.filter((name) => !same(properties[name], now?.[name]));
    const changed = differing.length > 0 ? ('MODIFIED' as const) : ('IN_SYNC' as const);
    const status = now === undefined ? ('DELETED' as const) : changed;
    return [{ logicalId, type, ref, status, expected: part(properties), actual: part(now ?? {}), differing }];
  });
}
