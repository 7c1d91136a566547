import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { malformed, tooLarge } from './errors';

/** Larger than any request AWS accepts from these services. */
const LARGEST_BODY = 8 * 1024 * 1024;

const unzip = promisify(gunzip);

/**
 * A request's body. Clients compress large PutMetricData calls, so gzip is undone.
 * @throws CommonError RequestEntityTooLarge above 8 MiB, SerializationException for broken gzip
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Read on to the end even so: breaking off would reset the connection before the client saw the answer.
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  if (size > LARGEST_BODY) throw tooLarge(`the request is larger than ${LARGEST_BODY} bytes`);
  const body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] !== 'gzip') return body;
  try {
    return await unzip(body, { maxOutputLength: LARGEST_BODY });
  } catch (error) {
    throw malformed(`the body is not gzip: ${error instanceof Error ? error.message : error}`);
  }
}
