import type { Description } from './descriptions';
import { queryWire } from './query-wire';
import { type Head, jsonRequest, operationOf, readHead, restJsonWire, restWire } from './rest';
import { cborWire, jsonWires } from './rpc-wire';
import type { Wire } from './wire';

/** Which operation of which service a request is for, and how it is written. */
export interface Route {
  wire: Wire;
  /** Absent when the service is not part of this endpoint. */
  description?: Description;
  /** For messages: the service as the request names it. */
  service: string;
  operation: string;
  /** Absent when the request is not signed. */
  accessKeyId?: string;
  /** Until when a presigned address is good, in ms since the epoch by the machine's clock, with which clients sign. */
  expiresAt?: number;
}

interface Scope {
  expiresAt?: number;
  accessKeyId?: string;
  signingName?: string;
}

/**
 * `Credential=<access key id>/<date>/<region>/<signing name>/aws4_request`, in a header, or in the query of a presigned request.
 * Source: AWS IAM User Guide, "Elements of an AWS API request signature".
 */
function scopeOf({ headers, url }: Pick<Head, 'headers' | 'url'>): Scope {
  const query = new URLSearchParams(url.split('?', 2)[1]);
  const [byQuery, until] = [query.get('AWSAccessKeyId'), query.get('Expires')];
  // the older way, by which boto3 presigns requests to S3
  if (byQuery !== null && until !== null)
    return { accessKeyId: byQuery, signingName: 's3', expiresAt: Number(until) * 1_000 };
  const presigned = query.get('X-Amz-Credential');
  const signed = headers.authorization ?? `Credential=${presigned}`;
  const match = /Credential=([^/\s]+)\/\d+\/[^/]+\/([^/]+)\//.exec(signed ?? '');
  const expiresAt = expiryOf(query);
  return match ? { accessKeyId: match[1], signingName: match[2], expiresAt } : {};
}

/** `20261130T220000Z` and the seconds that it is good for. */
function expiryOf(query: URLSearchParams): number | undefined {
  const [date, seconds] = [query.get('X-Amz-Date'), query.get('X-Amz-Expires')];
  const [, day = '', time = ''] = /^(\d{8})T(\d{6})Z$/.exec(date ?? '') ?? [];
  if (day === '' || seconds === null) return undefined;
  const [iso, clock] = [day.replace(/(....)(..)(..)/, '$1-$2-$3'), time.replace(/(..)(..)(..)/, '$1:$2:$3')];
  return Date.parse(`${iso}T${clock}Z`) + Number(seconds) * 1_000;
}

const find = (descriptions: readonly Description[], key: 'target' | 'signingName', value?: string) =>
  descriptions.find((description) => description[key] === value);

function rpc(
  descriptions: readonly Description[],
  wire: Wire,
  target: string,
  operation: string,
  scope: Scope,
): Route {
  const service = scope.signingName ?? target;
  const { accessKeyId } = scope;
  return { wire, description: find(descriptions, 'target', target), service, operation, accessKeyId };
}

/** For a REST service the method, the path and the query are the operation, and only the signature tells the service. */
function rest(description: Description, head: Head, { accessKeyId, expiresAt }: Scope): Route {
  const service = description.signingName;
  if (description.protocol === 'restJson1') {
    const { operation, request } = jsonRequest(description, head);
    return { wire: restJsonWire(request), description, service, operation, accessKeyId };
  }
  const request = readHead(head);
  const wire = restWire(description, request);
  return { wire, description, service, operation: operationOf(description, request), accessKeyId, expiresAt };
}

/**
 * Reads the ways AWS clients name an operation: the `X-Amz-Target` header (JSON), the path
 * `/service/X/operation/Y` (rpc-v2-cbor), the `Action` parameter (query), for which only the signature
 * tells the service, and REST (S3, Lambda).
 */
export function route(descriptions: readonly Description[], request: Head, body: Buffer): Route {
  const scope = scopeOf(request);
  const description = find(descriptions, 'signingName', scope.signingName);
  if (description?.protocol.startsWith('rest')) return rest(description, request, scope);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const dot = target.lastIndexOf('.');
    const version = request.headers['content-type']?.includes('1.1') ? '1.1' : '1.0';
    return rpc(descriptions, jsonWires[version], target.slice(0, dot), target.slice(dot + 1), scope);
  }
  const path = /^\/service\/([^/]+)\/operation\/([^/?]+)/.exec(request.url);
  if (path) return rpc(descriptions, cborWire, path[1] ?? '', path[2] ?? '', scope);
  const parameters = new URLSearchParams(body.toString('utf8'));
  const operation = parameters.get('Action') ?? request.url;
  const service = scope.signingName ?? 'unknown service';
  return { wire: queryWire, description, service, operation, accessKeyId: scope.accessKeyId };
}
