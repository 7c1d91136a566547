import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { eventBody } from '../../function-http';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "05/Feb/2026:13:02:11 +0000" */
function logTime(at: Date): string {
  const [year, month, rest] = at.toISOString().split('-') as [string, string, string];
  return `${rest.slice(0, 2)}/${MONTHS[Number(month) - 1]}/${year}:${rest.slice(3, 11)} +0000`;
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const { cookie: _, ...others } = headers;
  return Object.fromEntries(Object.entries(others).map(([name, value]) => [name, [value].flat().join(',')]));
}

/** The decoded parameters, the values of a repeated one with commas between them. */
function parametersOf(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  return parameters;
}

/**
 * A request to a function URL as the function gets it: payload format version 2.0 (Lambda Developer Guide,
 * "Invoking Lambda function URLs"). `now` is cloud time in ms.
 */
export function urlEvent(request: IncomingMessage, body: Buffer, urlId: string, now: number) {
  const [rawPath = '/', rawQueryString = ''] = request.url!.split('?', 2);
  const domainName = request.headers.host ?? '';
  const cookies = request.headers.cookie?.split(/;\s*/);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies && { cookies }),
    headers: headersOf(request),
    ...(rawQueryString && { queryStringParameters: parametersOf(rawQueryString) }),
    requestContext: {
      accountId: 'anonymous',
      apiId: urlId,
      domainName,
      domainPrefix: urlId,
      http: {
        method: request.method!,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: logTime(new Date(now)),
      timeEpoch: now,
    },
    ...(body.length > 0 ? eventBody(request, body) : { isBase64Encoded: false }),
  };
}
