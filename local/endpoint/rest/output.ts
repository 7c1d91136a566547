import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import type { Description } from '../descriptions';
import type { WireError } from '../errors';
import { type Reply, STRING, structure } from '../wire';
import { bodyOf, writeBindings } from './bindings';
import { httpTrait } from './operation';

const DATE_TIME = 5;

function xml(
  description: Description | undefined,
  schema: StaticStructureSchema,
  value: object,
): string | Uint8Array {
  const writer = new XmlShapeSerializer({
    xmlNamespace: description?.xmlNamespace ?? '',
    serviceNamespace: description?.namespace ?? '',
    httpBindings: false,
    timestampFormat: { useTrait: true, default: DATE_TIME },
  });
  writer.write(schema, value);
  return writer.flush();
}

/** Bound as the schema says: headers, prefixed headers, and a payload or an XML document. */
export function writeOutput(
  description: Description,
  operation: StaticOperationSchema,
  output: Record<string, unknown>,
  requestId: string,
): Reply {
  const headers: Record<string, string> = { 'x-amz-request-id': requestId };
  const [, , status] = httpTrait(operation);
  const schema = NormalizedSchema.of(operation[5] as SchemaRef);
  if (schema.isUnitSchema()) return { status, headers, body: '' };
  Object.assign(headers, writeBindings(schema, output).headers);
  let payload: unknown;
  for (const [name, member] of schema.structIterator()) {
    const value = output[name];
    if (value === undefined || value === null || !member.getMergedTraits().httpPayload) continue;
    payload = member.isBlobSchema()
      ? value
      : xml(description, member.getSchema() as StaticStructureSchema, value);
  }
  const partial = headers['content-range'] === undefined ? status : 206;
  if (payload !== undefined) return { status: partial, headers, body: payload as Uint8Array };
  const document = bodyOf(schema.getSchema() as StaticStructureSchema);
  if (document[4].length === 0) return { status: partial, headers, body: '' };
  headers['content-type'] = 'application/xml';
  return { status, headers, body: xml(description, document, output) };
}

/** What S3 says was not there or in the way, beside the message. */
function namedIn({ members }: WireError): Record<string, string> {
  const named = ['BucketName', 'Key'].filter((name) => typeof members[name] === 'string');
  return Object.fromEntries(named.map((name) => [name, members[name] as string]));
}

/** S3's error document, which unlike other services' stands alone; a HEAD request has no body to carry it. */
export function writeError(error: WireError, requestId: string, method: string): Reply {
  const headers = { 'x-amz-request-id': requestId, 'content-type': 'application/xml' };
  if (method === 'HEAD') return { status: error.status, headers, body: '' };
  const members = { Code: error.code, Message: error.message, ...namedIn(error), RequestId: requestId };
  const names = Object.keys(members);
  const schema = structure('Error', Object.fromEntries(names.map((name) => [name, STRING])));
  return { status: error.status, headers, body: xml(undefined, schema, members) };
}
