import '../text/zod-english';
import * as z from 'zod/mini';
import type { PageVerb } from '../page/actions';
import { deploymentNameOf } from '../request/name';
import { type DeploymentRequest, requestSchema } from '../request/request';
import { deploymentName } from '../request/resume';
import { problemsOf } from '../text/schema-problems';
import { isSaid, type OperationName, operations, routeKey, schemas } from './operations';

/** What somebody asks of the HTTP API. */
export type Call =
  | { operation: 'start'; name: string; request: DeploymentRequest }
  | { operation: 'list'; service: string | undefined; limit: number }
  | { operation: 'get'; deployment: string }
  | { operation: PageVerb; deployment: string; by: string; reason: string };

/** Nobody's name in the journal is longer. */
const LONGEST_NAME = 200;

/**
 * What API Gateway gives a function of a route that IAM guards: payload format 2.0. Source: Amazon API Gateway Developer Guide,
 * "AWS Lambda proxy integrations for HTTP APIs".
 */
const eventSchema = z.object({
  routeKey: z.string(),
  requestContext: z.object({ authorizer: z.object({ iam: z.object({ userArn: z.string() }) }) }),
  pathParameters: z._default(z.record(z.string(), z.string()), {}),
  queryStringParameters: z._default(z.record(z.string(), z.string()), {}),
  body: z._default(z.string(), ''),
  isBase64Encoded: z._default(z.boolean(), false),
});

/** Text that is no JSON stays text, which no schema takes. */
function bodyOf({ body, isBase64Encoded }: z.infer<typeof eventSchema>): unknown {
  const text = isBase64Encoded ? new TextDecoder().decode(bytesOf(body)) : body;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

type Read<T> = { data: T } | { errors: string[] };

function read<T>(schema: z.ZodMiniType<T>, value: unknown, root: string): Read<T> {
  const parsed = schema.safeParse(value);
  return parsed.success ? { data: parsed.data } : { errors: problemsOf(parsed.error, value, root) };
}

/** The first of them that is wrong. */
const wrong = (...all: Read<unknown>[]): string[] =>
  all.flatMap((one) => ('errors' in one ? one.errors : []));

const pathSchema = z.object({ name: deploymentName });

/**
 * What a request asks, or everything that is wrong with it. Who asks is told by IAM, and by nothing that the request says.
 * @throws Error for an event that is none of the API's routes
 */
export function callOf(event: unknown, now: Date): { call: Call } | { errors: string[] } {
  const request = eventSchema.parse(event);
  const names = Object.keys(operations) as OperationName[];
  const operation = names.find((name) => routeKey(operations[name]) === request.routeKey);
  if (operation === undefined) throw new Error(`${request.routeKey} is no route of the API`);
  const by = request.requestContext.authorizer.iam.userArn.slice(-LONGEST_NAME);
  const { pathParameters, queryStringParameters } = request;

  if (operation === 'start') {
    const query = read(schemas.startQuery, queryStringParameters, 'query');
    const body = read(schemas.body, bodyOf(request), 'body');
    if ('errors' in query || 'errors' in body) return { errors: wrong(query, body) };
    const wanted = requestSchema.parse({ ...body.data, requestedBy: by });
    return { call: { operation, name: query.data.name ?? deploymentNameOf(wanted, now), request: wanted } };
  }
  if (operation === 'list') {
    const query = read(schemas.listQuery, queryStringParameters, 'query');
    if ('errors' in query) return query;
    return { call: { operation, service: query.data.service, limit: Number(query.data.limit) } };
  }
  const path = read(pathSchema, pathParameters, 'path');
  if (!isSaid(operation))
    return 'errors' in path ? path : { call: { operation, deployment: path.data.name } };
  const body = read(schemas.saidBody, bodyOf(request), 'body');
  if ('errors' in path || 'errors' in body) return { errors: wrong(path, body) };
  return { call: { operation, deployment: path.data.name, by, reason: body.data.reason } };
}
