import type { IncomingMessage, ServerResponse } from 'node:http';
import type { S3Service } from './services/s3';

/** As the console of AWS has it. No bucket has so short a name as the first part. */
const PATH = '/s3/object/';
const LOOPBACK = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/**
 * An object as a browser opens it, which signs nothing: what leads to the console on AWS leads here in the local cloud,
 * `GET /s3/object/<bucket>?prefix=<key>`. A name that somebody has made to lead here (DNS rebinding) comes with a foreign `Host`.
 * True when it took the request.
 */
export const showObjects =
  (read: S3Service['read']) =>
  ({ method, url = '', headers: { host = '' } }: IncomingMessage, response: ServerResponse): boolean => {
    if (method !== 'GET' || !url.startsWith(PATH)) return false;
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const key = searchParams.get('prefix') ?? '';
    const answer = (status: number, type: string, body: string | Buffer) => {
      response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
      return true;
    };
    if (!LOOPBACK.test(host)) return answer(403, 'text/plain', 'expected the host 127.0.0.1');
    const bucket = decodeURIComponent(pathname.slice(PATH.length));
    const body = read(bucket, key);
    if (!body) return answer(404, 'text/plain', `there is no object ${key} in the bucket ${bucket}`);
    return answer(
      200,
      key.endsWith('.html') ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
      body,
    );
  };
