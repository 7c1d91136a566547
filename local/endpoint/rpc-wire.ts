import { CborCodec } from '@smithy/core/cbor';
import { JsonCodec2 } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticStructureSchema } from '@smithy/types';
import type { Description } from './descriptions';
import { malformed, type WireError } from './errors';
import { type Reply, STRING, structure, type Wire } from './wire';

interface Format {
  reader(): { read(schema: NormalizedSchema, body: Uint8Array): unknown };
  writer(): { write(schema: NormalizedSchema, value: unknown): void; flush(): string | Uint8Array };
  headers: Record<string, string>;
  /** The body of an operation that has no output. */
  nothing: string;
}

const isMessage = (name: string) => name.toLowerCase() === 'message';

/** A modelled error in its own shape, and with a message even if the model gives it none. */
function membersOf({ schema }: WireError): Record<string, unknown> {
  const members = schema ? Object.fromEntries(schema[4].map((name, i) => [name, schema[5][i]])) : {};
  return Object.keys(members).some(isMessage) ? members : { ...members, message: STRING };
}

/** The error's body: `__type` is what clients find its class by. */
function envelope(error: WireError): [StaticStructureSchema, Record<string, unknown>] {
  const members = membersOf(error);
  const __type = error.schema ? `${error.schema[1]}#${error.name}` : error.code;
  // Only what the schema lists: beside `__type` the serialisers write unknown members too, `$metadata` for one.
  const value = Object.fromEntries(
    Object.keys(members).map((name) => [name, isMessage(name) ? error.message : error.members[name]]),
  );
  return [structure('Error', { __type: STRING, ...members }), { __type, ...value }];
}

function encodeError(format: Format, description: Description | undefined, error: WireError): Reply {
  const serializer = format.writer();
  const [schema, value] = envelope(error);
  serializer.write(NormalizedSchema.of(schema), value);
  const headers = description?.queryCompatible
    ? { ...format.headers, 'x-amzn-query-error': `${error.code};${error.sender ? 'Sender' : 'Receiver'}` }
    : format.headers;
  return { status: error.status, headers, body: serializer.flush() };
}

function rpcWire(format: Format): Wire {
  return {
    family: 'rpc',
    async decode(operation, body) {
      const schema = NormalizedSchema.of(operation[4] as SchemaRef);
      if (schema.isUnitSchema() || body.length === 0) return {};
      try {
        return (await format.reader().read(schema, body)) as Record<string, unknown>;
      } catch (error) {
        throw malformed(error instanceof Error ? error.message : String(error));
      }
    },
    encode(_description, operation, output, requestId) {
      const schema = NormalizedSchema.of(operation[5] as SchemaRef);
      const headers = { ...format.headers, 'x-amzn-requestid': requestId };
      if (schema.isUnitSchema()) return { status: 200, headers, body: format.nothing };
      const serializer = format.writer();
      serializer.write(schema, output);
      return { status: 200, headers, body: serializer.flush() };
    },
    encodeError(description, error, requestId) {
      const reply = encodeError(format, description, error);
      return { ...reply, headers: { ...reply.headers, 'x-amzn-requestid': requestId } };
    },
  };
}

const EPOCH_SECONDS = 7;
const jsonCodec = new JsonCodec2({
  timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
  jsonName: false,
});
const cborCodec = new CborCodec();

const json = (version: string) =>
  rpcWire({
    // The reader takes bytes, though its type says text: it decodes them itself.
    reader: () => jsonCodec.createDeserializer() as unknown as ReturnType<Format['reader']>,
    writer: () => jsonCodec.createSerializer(),
    headers: { 'content-type': `application/x-amz-json-${version}` },
    nothing: '{}',
  });

/** awsJson1_0 and awsJson1_1 differ only in their content type. */
export const jsonWires = { '1.0': json('1.0'), '1.1': json('1.1') };

/** Smithy's rpc-v2-cbor, which newer clients use for CloudWatch. */
export const cborWire = rpcWire({
  reader: () => cborCodec.createDeserializer(),
  writer: () => cborCodec.createSerializer(),
  headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
  nothing: '',
});
