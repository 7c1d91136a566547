import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Family, malformed, tooLarge } from './errors';

const MIB = 1024 * 1024;
/** Larger than any request AWS accepts from these services; objects of S3, which are kept in memory, may be larger. */
const LARGEST_BODY: Record<Family, number> = {
  query: 8 * MIB,
  rpc: 8 * MIB,
  rest: 64 * MIB,
  restJson: 8 * MIB,
};

const unzip = promisify(gunzip);

/**
 * A request's body. Clients compress large PutMetricData calls, so gzip is undone, except for an object of S3: it is
 * what its owner compressed.
 * @throws CommonError RequestEntityTooLarge above 8 MiB (64 MiB for S3), SerializationException for broken gzip
 */
export async function readBody(request: IncomingMessage, family: Family): Promise<Buffer> {
  const largest = LARGEST_BODY[family];
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Read on to the end even so: breaking off would reset the connection before the client saw the answer.
    if (size <= largest) chunks.push(chunk);
  }
  if (size > largest) throw tooLarge(`the request is larger than ${largest} bytes`);
  const body = Buffer.concat(chunks);
  if (family === 'rest' || request.headers['content-encoding'] !== 'gzip') return body;
  try {
    return await unzip(body, { maxOutputLength: largest });
  } catch (error) {
    throw malformed(`the body is not gzip: ${error instanceof Error ? error.message : error}`);
  }
}
