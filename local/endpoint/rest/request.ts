import type { IncomingHttpHeaders } from 'node:http';

/** The head of a REST request to S3, its bucket found whichever way it was addressed. */
export interface RestRequest {
  method: string;
  headers: IncomingHttpHeaders;
  query: URLSearchParams;
  /** Absent for the service itself ("GET /"). */
  bucket?: string;
  /** Without the leading slash; empty for the bucket itself. */
  key: string;
}

export interface Head {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
}

/** Hosts below which a bucket can be named: `<bucket>.localhost:4566`, `<bucket>.s3.eu-west-1.amazonaws.com`. */
const VIRTUAL_HOST = /^(.+?)\.(?:localhost|127\.0\.0\.1|s3[.-][\w.-]*amazonaws\.com)(?::\d+)?$/;

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Reads path-style and virtual-hosted-style addresses; a path that is not URL-encoded stands for itself. */
export function readHead({ method, url, headers: given }: Head): RestRequest {
  // not the URL class: it would take "." and ".." out of keys
  const [path = '', search = ''] = url.split('?', 2);
  const query = new URLSearchParams(search);
  // a presigned address carries headers of S3 in its query
  const hoisted = [...query].filter(([name]) => name.startsWith('x-amz-'));
  const headers = { ...Object.fromEntries(hoisted), ...given };
  const virtual = VIRTUAL_HOST.exec(given.host ?? '')?.[1];
  if (virtual) return { method, headers, query, bucket: virtual, key: decoded(path.slice(1)) };
  const [bucket, ...key] = path.slice(1).split('/');
  return { method, headers, query, bucket: decoded(bucket ?? '') || undefined, key: decoded(key.join('/')) };
}
