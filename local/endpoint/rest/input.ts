import { XmlShapeDeserializer } from '@aws-sdk/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticOperationSchema } from '@smithy/types';
import type { Description } from '../descriptions';
import { malformed } from '../errors';
import { readBindings } from './bindings';
import { undoChunks } from './chunks';
import type { RestRequest } from './request';

const DATE_TIME = 5;
const settings = {
  httpBindings: true,
  timestampFormat: { useTrait: true, default: DATE_TIME },
} as const;

function readPayload(description: Description, schema: NormalizedSchema, body: Buffer): unknown {
  if (schema.isBlobSchema()) return body;
  if (body.length === 0) return undefined;
  if (schema.isStringSchema()) return body.toString('utf8');
  const { xmlNamespace, namespace: serviceNamespace } = description;
  try {
    return new XmlShapeDeserializer({ ...settings, xmlNamespace, serviceNamespace }).read(schema, body);
  } catch (error) {
    throw malformed(`the body is not XML: ${(error as Error).message}`);
  }
}

/**
 * The input of an operation from path, query, headers and body, bound as the schema says.
 * @throws CommonError for values that are not of their type, S3's BadDigest for a body that is not what was sent
 */
export function readInput(
  description: Description,
  operation: StaticOperationSchema,
  request: RestRequest,
  sent: Buffer,
): Record<string, unknown> {
  const { body, headers } = undoChunks(request.headers, sent);
  const schema = NormalizedSchema.of(operation[4] as SchemaRef);
  const labels = { Bucket: request.bucket, Key: request.key };
  const input = readBindings(schema, { labels, query: request.query, headers });
  for (const [name, member] of schema.structIterator()) {
    const value = member.getMergedTraits().httpPayload ? readPayload(description, member, body) : undefined;
    if (value !== undefined) input[name] = value;
  }
  return input;
}
