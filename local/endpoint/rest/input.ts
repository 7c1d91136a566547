import { XmlShapeDeserializer } from '@aws-sdk/core/protocols';
import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticOperationSchema } from '@smithy/types';
import type { Description } from '../descriptions';
import { malformed } from '../errors';
import { undoChunks } from './chunks';
import type { RestRequest } from './request';

const DATE_TIME = 5;
const settings = {
  httpBindings: true,
  timestampFormat: { useTrait: true, default: DATE_TIME },
} as const;
const scalars = new FromStringShapeDeserializer(settings);

function readScalar(schema: NormalizedSchema, text: string): unknown {
  try {
    return scalars.read(schema, text);
  } catch {
    throw malformed(`${JSON.stringify(text)} is not a value for ${schema.getMemberName()}`);
  }
}

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

/** The headers below a prefix, by what follows it: the user's own metadata. */
function prefixed(headers: Record<string, unknown>, prefix: string): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), String(value)]));
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
  const input: Record<string, unknown> = {};
  for (const [name, member] of NormalizedSchema.of(operation[4] as SchemaRef).structIterator()) {
    const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders, httpPayload } = member.getMergedTraits();
    let value: unknown;
    if (httpLabel) value = name === 'Bucket' ? request.bucket : request.key;
    else if (httpPayload) value = readPayload(description, member, body);
    else if (httpPrefixHeaders) value = prefixed(headers, String(httpPrefixHeaders));
    else {
      const text = httpQuery
        ? request.query.get(String(httpQuery))
        : headers[String(httpHeader ?? '').toLowerCase()];
      if (text !== undefined && text !== null) value = readScalar(member, String(text));
    }
    if (value !== undefined) input[name] = value;
  }
  return input;
}
