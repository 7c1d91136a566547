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
}

interface Scope {
  accessKeyId?: string;
  signingName?: string;
}

/**
 * `Credential=<access key id>/<date>/<region>/<signing name>/aws4_request`, in a header, or in the query of a presigned request.
 * Source: AWS IAM User Guide, "Elements of an AWS API request signature".
 */
function scopeOf({ headers, url }: Pick<Head, 'headers' | 'url'>): Scope {
  const presigned = new URLSearchParams(url.split('?')[1]).get('X-Amz-Credential');
  const said = headers.authorization ?? (presigned === null ? '' : `Credential=${presigned}`);
  const match = /Credential=([^/\s]+)\/\d+\/[^/]+\/([^/]+)\//.exec(said);
  return match ? { accessKeyId: match[1], signingName: match[2] } : {};
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
function rest(description: Description, head: Head, accessKeyId?: string): Route {
  const service = description.signingName;
  if (description.protocol === 'restJson1') {
    const { operation, request } = jsonRequest(description, head);
    return { wire: restJsonWire(request), description, service, operation, accessKeyId };
  }
  const request = readHead(head);
  const wire = restWire(description, request);
  return { wire, description, service, operation: operationOf(description, request), accessKeyId };
}

/**
 * Reads the ways AWS clients name an operation: the `X-Amz-Target` header (JSON), the path
 * `/service/X/operation/Y` (rpc-v2-cbor), the `Action` parameter (query), for which only the signature
 * tells the service, and REST (S3, Lambda).
 */
export function route(descriptions: readonly Description[], request: Head, body: Buffer): Route {
  const scope = scopeOf(request);
  const description = find(descriptions, 'signingName', scope.signingName);
  if (description?.protocol.startsWith('rest')) return rest(description, request, scope.accessKeyId);
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
