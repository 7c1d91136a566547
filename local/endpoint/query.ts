import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';
import { malformed } from './errors';

/** `A.B.1=x` as a tree: parameters of the query protocol are paths. */
interface Node {
  text?: string;
  children: Map<string, Node>;
}

const EMPTY: Node = { children: new Map() };
const DATE_TIME = 5;
const scalars = new FromStringShapeDeserializer({
  httpBindings: false,
  timestampFormat: { useTrait: true, default: DATE_TIME },
});

function parse(parameters: URLSearchParams): Node {
  const root: Node = { children: new Map() };
  for (const [path, text] of parameters) {
    let node = root;
    for (const part of path.split('.')) {
      let child = node.children.get(part);
      if (!child) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.text = text;
  }
  return root;
}

const numbered = (node: Node) =>
  [...node.children]
    .filter(([key]) => /^\d+$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);

const nameOf = (schema: NormalizedSchema, otherwise: string) =>
  String(schema.getMergedTraits().xmlName ?? otherwise);

function readStructure(schema: NormalizedSchema, node: Node): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(nameOf(member, name));
    if (child) result[name] = read(member, child);
  }
  return result;
}

function readList(schema: NormalizedSchema, node: Node): unknown[] {
  const value = schema.getValueSchema();
  const items = schema.getMergedTraits().xmlFlattened
    ? node
    : (node.children.get(nameOf(value, 'member')) ?? node.children.get('member') ?? EMPTY);
  return numbered(items).map((item) => read(value, item));
}

function readMap(schema: NormalizedSchema, node: Node): Record<string, unknown> {
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const entries = schema.getMergedTraits().xmlFlattened ? node : (node.children.get('entry') ?? EMPTY);
  return Object.fromEntries(
    numbered(entries).map((entry) => [
      entry.children.get(nameOf(key, 'key'))?.text ?? '',
      read(value, entry.children.get(nameOf(value, 'value')) ?? EMPTY),
    ]),
  );
}

function readScalar(schema: NormalizedSchema, text: string): unknown {
  try {
    return scalars.read(schema, text);
  } catch {
    throw malformed(`${JSON.stringify(text)} is not a value for ${schema.getMemberName()}`);
  }
}

function read(schema: NormalizedSchema, node: Node): unknown {
  if (schema.isStructSchema()) return readStructure(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  return readScalar(schema, node.text ?? '');
}

/** The input of an operation from its query parameters; members that the schema lacks are ignored, as AWS does. */
export function readQuery(schema: SchemaRef, parameters: URLSearchParams): Record<string, unknown> {
  return readStructure(NormalizedSchema.of(schema), parse(parameters));
}
