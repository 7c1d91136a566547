import type * as z from 'zod/mini';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { deploymentSchema } from '../../src/domain/deployment/deployment';

/** What is known of a value of the graph: enough to tell whether a member of it is there. */
export type Shape =
  | { kind: 'object'; members: Record<string, Shape> }
  | { kind: 'list' | 'record'; of: Shape }
  /** `values`: all that it can be. */
  | { kind: 'plain'; values?: readonly string[] }
  | { kind: 'null' }
  /** It may be absent, which JSONata takes for an error where it is read. */
  | { kind: 'absent' }
  /** Comes from outside the graph. */
  | { kind: 'unknown' }
  | { kind: 'either'; of: Shape[] };

export const NULL: Shape = { kind: 'null' };
export const PLAIN: Shape = { kind: 'plain' };
export const UNKNOWN: Shape = { kind: 'unknown' };
/** What is not assigned (yet). */
export const NOTHING: Shape = { kind: 'either', of: [] };

export const alternatives = (shape: Shape): Shape[] =>
  shape.kind === 'either' ? shape.of.flatMap(alternatives) : [shape];

/** What kind of value it is; those of one kind are one alternative. */
const sortOf = (shape: Shape) =>
  shape.kind === 'object' ? `object ${Object.keys(shape.members).sort().join()}` : shape.kind;

function merged(one: Shape, other: Shape): Shape {
  if (one.kind === 'object' && other.kind === 'object')
    return {
      kind: 'object',
      members: Object.fromEntries(
        Object.entries(one.members).map(([name, member]) => [name, either([member, other.members[name]!])]),
      ),
    };
  if ((one.kind === 'list' || one.kind === 'record') && one.kind === other.kind)
    return { kind: one.kind, of: either([one.of, other.of]) };
  if (one.kind === 'plain' && other.kind === 'plain')
    return one.values && other.values
      ? { kind: 'plain', values: [...new Set([...one.values, ...other.values])].sort() }
      : PLAIN;
  return one;
}

export function either(shapes: readonly Shape[]): Shape {
  const sorts = new Map<string, Shape>();
  for (const shape of shapes.flatMap(alternatives)) {
    const known = sorts.get(sortOf(shape));
    sorts.set(sortOf(shape), known ? merged(known, shape) : shape);
  }
  const of = [...sorts.keys()].sort().map((sort) => sorts.get(sort)!);
  return of.length === 1 ? of[0]! : { kind: 'either', of };
}

type Schema = z.core.$ZodType;
type Def = {
  type: string;
  shape: Record<string, Schema>;
  innerType: Schema;
  element: Schema;
  valueType: Schema;
  options: Schema[];
  in: Schema;
  entries: Record<string, string>;
  values: unknown[];
};

/** The shape of what a schema parses; of members with a default that of what they become. */
export function shapeOf(schema: Schema): Shape {
  if (schema === checkedDeployment) return shapeOf(deploymentSchema);
  const def = schema._zod.def as unknown as Def;
  switch (def.type) {
    case 'object':
      return {
        kind: 'object',
        members: Object.fromEntries(
          Object.entries(def.shape).map(([name, member]) => [name, shapeOf(member)]),
        ),
      };
    case 'array':
      return { kind: 'list', of: shapeOf(def.element) };
    case 'record':
      return { kind: 'record', of: shapeOf(def.valueType) };
    case 'nullable':
      return either([NULL, shapeOf(def.innerType)]);
    case 'optional':
      return either([{ kind: 'absent' }, shapeOf(def.innerType)]);
    case 'default':
    case 'prefault':
    case 'nonoptional':
      return either(alternatives(shapeOf(def.innerType)).filter(({ kind }) => kind !== 'absent'));
    case 'union':
      return either(def.options.map(shapeOf));
    case 'pipe':
      return shapeOf(def.in);
    case 'enum':
      return { kind: 'plain', values: Object.values(def.entries) };
    case 'literal':
      return { kind: 'plain', values: def.values.map(String) };
    case 'unknown':
    case 'custom':
      return UNKNOWN;
    default:
      return PLAIN;
  }
}

/** A member of a value, and whether every value of the shape has it; one that may be null is guarded elsewhere. */
export function memberOf(shape: Shape, name: string): { shape: Shape; missing: boolean } {
  const found = alternatives(shape).map((one): { shape: Shape; missing: boolean } => {
    switch (one.kind) {
      case 'object': {
        const member = one.members[name];
        if (member === undefined) return { shape: NOTHING, missing: true };
        return {
          shape: either(alternatives(member).filter(({ kind }) => kind !== 'absent')),
          missing: alternatives(member).some(({ kind }) => kind === 'absent'),
        };
      }
      // JSONata takes the member of each
      case 'list':
        return memberOf(one.of, name);
      case 'record':
        return { shape: one.of, missing: false };
      case 'plain':
        return { shape: NOTHING, missing: true };
      case 'unknown':
        return { shape: UNKNOWN, missing: false };
      default:
        return { shape: NOTHING, missing: false };
    }
  });
  return { shape: either(found.map((one) => one.shape)), missing: found.some((one) => one.missing) };
}

const isWhole = ({ kind }: Shape) => kind === 'object' || kind === 'list' || kind === 'record';

/** Paths of what `wanted` needs and `given` does not have. What may be null or absent is the graph's to guard. */
export function lacking(wanted: Shape, given: Shape, path: string): string[] {
  const ways = alternatives(wanted);
  return alternatives(given)
    .filter(isWhole)
    .flatMap((one) => {
      if (ways.some(({ kind }) => kind === 'unknown')) return [];
      const found = ways.filter(isWhole).map((way) => lackingOf(way, one, path));
      return found.sort((some, others) => some.length - others.length)[0] ?? [path];
    });
}

function lackingOf(wanted: Shape, given: Shape, path: string): string[] {
  if (wanted.kind === 'object' && given.kind === 'object')
    return Object.entries(wanted.members).flatMap(([name, member]) => {
      const there = given.members[name];
      if (there) return lacking(member, there, `${path}.${name}`);
      const needed = !alternatives(member).some(({ kind }) => kind === 'absent' || kind === 'unknown');
      return needed ? [`${path}.${name}`] : [];
    });
  if (wanted.kind === 'list' && given.kind === 'list') return lacking(wanted.of, given.of, `${path}[]`);
  if (wanted.kind === 'record' && given.kind === 'record') return lacking(wanted.of, given.of, `${path}.*`);
  return wanted.kind === 'record' && given.kind === 'object' ? [] : [path];
}
