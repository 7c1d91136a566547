import { type IncomingMessage, validateHeaderName, validateHeaderValue } from 'node:http';

/** The content types whose bodies a function gets as text; any other body, and an encoded one, is base64. */
const TEXT = /^(text\/[\w.+-]+|application\/(json|javascript|xml))\s*(;|$)/i;

/** A request's body; undefined when it is larger than `limit` bytes. Rejects when the client goes away in the middle. */
export async function readFunctionBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // read on to the end even so: an unread rest would be taken for the connection's next request
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? undefined : Buffer.concat(chunks);
}

/** A body as functions get it in their events, from load balancers and from function URLs alike. */
export function eventBody({ headers }: IncomingMessage, body: Buffer) {
  const isText = !headers['content-encoding'] && TEXT.test(headers['content-type'] ?? '');
  const isBase64Encoded = body.length > 0 && !isText;
  return { body: body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

/** Whether HTTP can carry the headers that a function answered. */
export function canBeSent(headers: Record<string, string | string[] | undefined>): boolean {
  try {
    for (const [name, value = ''] of Object.entries(headers)) {
      validateHeaderName(name);
      for (const text of [value].flat()) validateHeaderValue(name, text);
    }
    return true;
  } catch {
    return false;
  }
}
