import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { malformed } from '../errors';

const LINE_END = Buffer.from('\r\n');

/** A fault of the request that S3 words, and no model lists. */
function badDigest(algorithm: string): Error {
  const message = `The ${algorithm} you specified did not match the calculated checksum.`;
  return Object.assign(new Error(message), {
    name: 'BadDigest',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
}

function lineAt(body: Buffer, from: number): string {
  const end = body.indexOf(LINE_END, from);
  if (end < 0) throw malformed('the body is not aws-chunked: a chunk has no header');
  return body.toString('latin1', from, end);
}

/** `<size in hex>[;chunk-signature=…]CRLF<bytes>CRLF … 0CRLF<trailers>CRLF` */
function unchunk(body: Buffer): { data: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const header = lineAt(body, at);
    const size = Number.parseInt(header, 16);
    at += header.length + LINE_END.length;
    if (Number.isNaN(size) || at + size > body.length) throw malformed('the body is not aws-chunked');
    if (size === 0) break;
    parts.push(body.subarray(at, at + size));
    at += size + LINE_END.length;
  }
  const lines = body.toString('latin1', at).split('\r\n');
  const trailers = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
  });
  return { data: Buffer.concat(parts), trailers: Object.fromEntries(trailers) };
}

/** CRC-32 (ISO 3309), big-endian, base64: as S3 writes it. */
function crc(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

const hash = (algorithm: string) => (body: Buffer) => createHash(algorithm).update(body).digest('base64');

/** The checksums that are recomputed; the others (CRC64NVME, XXHASH, CRC32C) are kept as they were sent. */
const CHECKSUMS: Record<string, (body: Buffer) => string> = {
  'x-amz-checksum-crc32': crc,
  'x-amz-checksum-sha1': hash('sha1'),
  'x-amz-checksum-sha256': hash('sha256'),
  'content-md5': hash('md5'),
};

/**
 * The body as it was before the client cut it into chunks, and the headers with the trailers among them.
 * @throws CommonError for a body that is not aws-chunked though it says so, BadDigest for a wrong checksum
 */
export function undoChunks(
  headers: IncomingHttpHeaders,
  sent: Buffer,
): { body: Buffer; headers: IncomingHttpHeaders } {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  const chunked =
    encodings.includes('aws-chunked') || String(headers['x-amz-content-sha256']).startsWith('STREAMING-');
  const { data, trailers } = chunked ? unchunk(sent) : { data: sent, trailers: {} };
  const all: IncomingHttpHeaders = { ...headers, ...trailers };
  const own = encodings.filter((encoding) => encoding !== 'aws-chunked' && encoding !== '').join(',');
  if (own) all['content-encoding'] = own;
  else delete all['content-encoding'];
  for (const [name, checksum] of Object.entries(CHECKSUMS)) {
    const wanted = all[name];
    if (wanted !== undefined && wanted !== checksum(data)) {
      throw badDigest(name.replace('x-amz-checksum-', '').toUpperCase());
    }
  }
  return { body: data, headers: all };
}
