import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticStructureSchema } from '@smithy/types';
import type { Description } from './descriptions';
import type { WireError } from './errors';
import { readQuery } from './query';
import { type Reply, STRING, structure, type Wire } from './wire';

const DATE_TIME = 5;

function xml(
  description: Description | undefined,
  schema: StaticStructureSchema,
  value: object,
): string | Uint8Array {
  const serializer = new XmlShapeSerializer({
    xmlNamespace: description?.xmlNamespace ?? '',
    serviceNamespace: description?.namespace ?? '',
    httpBindings: false,
    timestampFormat: { useTrait: true, default: DATE_TIME },
  });
  serializer.write(schema, value);
  return serializer.flush();
}

const reply = (status: number, requestId: string, body: string | Uint8Array): Reply => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
});

/** The members that a modelled error has besides its message, which the envelope carries. */
function ownMembers({ schema }: WireError): Record<string, unknown> {
  if (!schema) return {};
  const members = schema[4].map((name, i) => [name, schema[5][i]] as const);
  return Object.fromEntries(members.filter(([name]) => name.toLowerCase() !== 'message'));
}

function encodeError(description: Description | undefined, error: WireError, requestId: string): Reply {
  const fields = { Type: STRING, Code: STRING, Message: STRING, ...ownMembers(error) };
  const envelope = structure('ErrorResponse', { Error: structure('Error', fields), RequestId: STRING });
  const Type = error.sender ? 'Sender' : 'Receiver';
  const value = {
    Error: { ...error.members, Type, Code: error.code, Message: error.message },
    RequestId: requestId,
  };
  return reply(error.status, requestId, xml(description, envelope, value));
}

/** awsQuery: form parameters in, XML out. */
export const queryWire: Wire = {
  family: 'query',
  async decode(operation, body) {
    const schema = operation[4] as SchemaRef;
    if (NormalizedSchema.of(schema).isUnitSchema()) return {};
    return readQuery(schema, new URLSearchParams(body.toString('utf8')));
  },
  encode(description, operation, output, requestId) {
    const [, , name, , , schema] = operation;
    const result = NormalizedSchema.of(schema as SchemaRef).isUnitSchema()
      ? {}
      : { [`${name}Result`]: schema };
    const ResponseMetadata = structure('ResponseMetadata', { RequestId: STRING });
    const envelope = structure(`${name}Response`, { ...result, ResponseMetadata });
    const value = { [`${name}Result`]: output, ResponseMetadata: { RequestId: requestId } };
    return reply(200, requestId, xml(description, envelope, value));
  },
  encodeError,
};
