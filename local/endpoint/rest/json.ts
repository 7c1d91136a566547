import { JsonCodec2 } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import type { Description } from '../descriptions';
import { malformed, type WireError } from '../errors';
import type { Reply, Wire } from '../wire';
import { type Bound, bodyOf, readBindings, writeBindings } from './bindings';
import { httpTrait } from './operation';
import type { Head } from './request';

const EPOCH_SECONDS = 7;
const codec = new JsonCodec2({ timestampFormat: { useTrait: true, default: EPOCH_SECONDS }, jsonName: true });

/** "/functions/{FunctionName}/invocations" as a pattern whose groups are its labels. */
const patternOf = (uri: string) =>
  new RegExp(
    `^${uri
      .replace(/[.*?^$()|[\]\\]/g, '\\$&')
      .replace(/\{(\w+)\+\}/g, '(?<$1>.+)')
      .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`,
  );

function decoded(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    throw malformed(`the path has a part that is not URL-encoded: ${label}`);
  }
}

/** The operation that a method and a path ask for, with what path, query and headers say; the most literal path wins. */
export function jsonRequest(
  description: Description,
  { method, url, headers }: Head,
): { operation: string; request: Bound } {
  const [path = '', search = ''] = url.split('?', 2);
  const query = new URLSearchParams(search);
  const fits = [...description.operations].flatMap(([name, operation]) => {
    const [verb, uri] = httpTrait(operation);
    const [template = ''] = uri.split('?', 1);
    const match = verb === method ? patternOf(template).exec(path) : null;
    const degree = template.replace(/\{.*?\}/g, '').length;
    return match ? [{ name, labels: match.groups ?? {}, degree }] : [];
  });
  const [found] = fits.sort((a, b) => b.degree - a.degree);
  const labels = Object.entries(found?.labels ?? {}).map(([name, label]) => [name, decoded(label)]);
  return {
    operation: found?.name ?? `${method} ${path}`,
    request: { labels: Object.fromEntries(labels), query, headers },
  };
}

async function readDocument(schema: NormalizedSchema, body: Buffer): Promise<object> {
  if (body.length === 0) return {};
  try {
    // the reader takes bytes, though its type says text
    return (await codec.createDeserializer().read(schema, body as unknown as string)) as object;
  } catch (error) {
    throw malformed(`the body is not JSON: ${(error as Error).message}`);
  }
}

async function readInput(
  operation: StaticOperationSchema,
  request: Bound,
  body: Buffer,
): Promise<Record<string, unknown>> {
  const schema = NormalizedSchema.of(operation[4] as SchemaRef);
  if (!schema.isStructSchema()) return {};
  const input = readBindings(schema, request);
  const payload = [...schema.structIterator()].find(([, member]) => member.getMergedTraits().httpPayload);
  if (!payload) {
    const document = NormalizedSchema.of(bodyOf(schema.getSchema() as StaticStructureSchema));
    return { ...(await readDocument(document, body)), ...input };
  }
  const [name, member] = payload;
  if (member.isBlobSchema()) return { ...input, [name]: body };
  return { ...input, [name]: await readDocument(member, body) };
}

function writeOutput(
  operation: StaticOperationSchema,
  output: Record<string, unknown>,
  requestId: string,
): Reply {
  const schema = NormalizedSchema.of(operation[5] as SchemaRef);
  const [, , usual] = httpTrait(operation);
  const own = { 'x-amzn-requestid': requestId, 'content-type': 'application/json' };
  if (!schema.isStructSchema()) return { status: usual, headers: own, body: '' };
  const { headers, status = usual } = writeBindings(schema, output);
  const payload = [...schema.structIterator()].find(([, member]) => member.getMergedTraits().httpPayload);
  const blob = payload?.[1].isBlobSchema() ? ((output[payload[0]] ?? '') as Uint8Array) : undefined;
  if (blob !== undefined) return { status, headers: { ...headers, ...own }, body: blob };
  const writer = codec.createSerializer();
  if (payload) writer.write(payload[1], output[payload[0]] ?? {});
  else writer.write(NormalizedSchema.of(bodyOf(schema.getSchema() as StaticStructureSchema)), output);
  return { status, headers: { ...headers, ...own }, body: writer.flush() };
}

/** The error's name travels in a header; its message under the name that the model gives it. */
function writeError({ name, message, members, schema, status, sender }: WireError, requestId: string): Reply {
  const headers = {
    'x-amzn-requestid': requestId,
    'x-amzn-errortype': name,
    'content-type': 'application/json',
  };
  const messageName = schema?.[4].find((member) => member.toLowerCase() === 'message') ?? 'message';
  const own = Object.fromEntries((schema?.[4] ?? []).map((member) => [member, members[member]]));
  const body = { ...own, Type: sender ? 'User' : 'Service', [messageName]: message };
  return { status, headers, body: JSON.stringify(body) };
}

/** restJson1, as Lambda speaks it. */
export function restJsonWire(request: Bound): Wire {
  return {
    family: 'restJson',
    decode: async (operation, body) => readInput(operation, request, body),
    encode: (_, operation, output, requestId) =>
      writeOutput(operation, output as Record<string, unknown>, requestId),
    encodeError: (_, error, requestId) => writeError(error, requestId),
  };
}
