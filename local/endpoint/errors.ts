import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticErrorSchema } from '@smithy/types';
import type { Description } from './descriptions';

/** The families of AWS protocols, which word their common errors differently: XML queries, RPC (JSON, CBOR), S3's REST, REST with JSON. */
export type Family = 'query' | 'rpc' | 'rest' | 'restJson';

export interface ErrorWords {
  code: string;
  status: number;
}

/** An error that every AWS service knows and no service models, e.g. AccessDenied; each protocol has its own code. */
export class CommonError extends Error {
  constructor(
    message: string,
    readonly words: Readonly<Record<Family, ErrorWords>>,
  ) {
    super(message);
    this.name = words.rpc.code;
  }
}

const common =
  (
    query: string,
    queryStatus: number,
    rpc: string,
    rpcStatus = 400,
    rest = query,
    restStatus = queryStatus,
  ) =>
  (message: string) =>
    new CommonError(message, {
      query: { code: query, status: queryStatus },
      rpc: { code: rpc, status: rpcStatus },
      rest: { code: rest, status: restStatus },
      restJson: { code: rpc, status: queryStatus },
    });

export const accessDenied = common('AccessDenied', 403, 'AccessDeniedException');
export const throttled = common('Throttling', 400, 'ThrottlingException', 400, 'SlowDown', 503);
export const internalFailure = common('InternalFailure', 500, 'InternalFailure', 500, 'InternalError');
export const invalid = common('ValidationError', 400, 'ValidationException', 400, 'InvalidRequest');
export const malformed = common('MalformedInput', 400, 'SerializationException', 400, 'InvalidArgument');
export const missingToken = common(
  'MissingAuthenticationToken',
  403,
  'MissingAuthenticationTokenException',
  400,
  'AccessDenied',
);
export const tooLarge = common(
  'RequestEntityTooLarge',
  413,
  'RequestEntityTooLargeException',
  413,
  'EntityTooLarge',
  400,
);
/** 501 is not retried by any client, so what is missing shows at once. */
export const notImplemented = common('NotImplemented', 501, 'NotImplemented', 501);

/** Codes that any operation may answer with although no model lists them (the API references' "Common Errors"). */
export const commonCodes: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'ValidationError',
  'ValidationException',
]);

/** An error as it goes on the wire. */
export interface WireError {
  code: string;
  /** The model's shape name; equals `code` for errors without a model. */
  name: string;
  status: number;
  sender: boolean;
  message: string;
  schema?: StaticErrorSchema;
  members: Record<string, unknown>;
}

interface SdkException {
  name: string;
  message: string;
  Message?: string;
  $fault?: 'client' | 'server';
  $metadata?: { httpStatusCode?: number };
}

/** The error's code in the query protocol, where it differs from the shape's name ("DBSnapshotAlreadyExists"). */
export function queryCodeOf(schema: StaticErrorSchema): string | undefined {
  const trait = NormalizedSchema.of(schema).getMergedTraits().awsQueryError as [string, number] | undefined;
  return trait?.[0];
}

function modelled(schema: StaticErrorSchema, thrown: SdkException, family: Family): WireError {
  const traits = NormalizedSchema.of(schema).getMergedTraits();
  const sender = (traits.error ?? thrown.$fault) === 'client';
  return {
    code: queryCodeOf(schema) ?? schema[2],
    name: schema[2],
    status: family === 'rpc' && sender ? 400 : Number(traits.httpError ?? (sender ? 400 : 500)),
    sender,
    message: thrown.message || (thrown.Message ?? ''),
    schema,
    members: { ...thrown },
  };
}

/** What an operation threw, as the protocol family says it. Anything that is no AWS error is an InternalFailure. */
export function toWireError(thrown: unknown, family: Family, description?: Description): WireError {
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkException;
  const schema = description?.errors.get(error.name);
  if (schema) return modelled(schema, error, family);
  if (error.$fault) {
    const status = error.$metadata?.httpStatusCode ?? (error.$fault === 'client' ? 400 : 500);
    const { name, message } = error;
    return { code: name, name, status, sender: status < 500, message, members: {} };
  }
  const known = error instanceof CommonError ? error : internalFailure(`${error.name}: ${error.message}`);
  const { code, status } = known.words[family];
  return { code, name: code, status, sender: status < 500, message: known.message, members: {} };
}
