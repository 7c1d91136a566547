import type { IncomingMessage } from 'node:http';
import { eventBody } from '../function-http';
import { requestHeaders } from './headers';

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
  return {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: request.method!,
    path,
    ...(multiValueHeaders
      ? { multiValueQueryStringParameters: parameters, multiValueHeaders: headers }
      : { queryStringParameters: lastOf(parameters), headers: lastOf(headers) }),
    ...eventBody(request, body),
  };
}
