import type { IncomingMessage } from 'node:http';
import { requestHeaders } from './headers';

/** The content types whose bodies a function gets as text; any other body, and an encoded one, is base64. */
const TEXT = /^(text\/[\w.+-]+|application\/(json|javascript|xml))\s*(;|$)/i;

const BODY_LIMIT = 1024 * 1024;

/** A request's body; undefined when it is larger than the 1 MB that a load balancer hands to a function. */
export async function readFunctionBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // read on to the end even so: an unread rest would be taken for the connection's next request
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  return size > BODY_LIMIT ? undefined : Buffer.concat(chunks);
}

/** Names and values in the order they came, every name's values together. */
function grouped(pairs: Iterable<readonly [string, string]>): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of pairs) {
    values[name] ??= [];
    values[name].push(value);
  }
  return values;
}

/** The query as it was sent: a load balancer does not decode it for a function. */
function queryPairs(query: string): [string, string][] {
  const parts = query.split('&').filter((part) => part !== '');
  return parts.map((part) => {
    const [name = '', ...value] = part.split('=');
    return [name, value.join('=')];
  });
}

function headerPairs(request: IncomingMessage): [string, string][] {
  const flat = requestHeaders(request);
  return Array.from({ length: flat.length / 2 }, (_, n) => [flat[2 * n]!.toLowerCase(), flat[2 * n + 1]!]);
}

const lastOf = (values: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1)!]));

/**
 * A request as a load balancer tells it to a function (User Guide for Application Load Balancers, "Lambda functions
 * as targets"): of repeated headers and parameters the last value, or all with `multiValueHeaders`.
 */
export function functionEvent(
  request: IncomingMessage,
  body: Buffer,
  { targetGroupArn, multiValueHeaders }: { targetGroupArn: string; multiValueHeaders: boolean },
) {
  const [path = '/', query = ''] = request.url!.split('?', 2);
  const [headers, parameters] = [grouped(headerPairs(request)), grouped(queryPairs(query))];
  const isText = !request.headers['content-encoding'] && TEXT.test(request.headers['content-type'] ?? '');
  const isBase64Encoded = body.length > 0 && !isText;
  return {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: request.method!,
    path,
    ...(multiValueHeaders
      ? { multiValueQueryStringParameters: parameters, multiValueHeaders: headers }
      : { queryStringParameters: lastOf(parameters), headers: lastOf(headers) }),
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}
