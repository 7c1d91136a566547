import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticOperationSchema } from '@smithy/types';
import type { Description } from '../descriptions';
import { requiredMembers } from '../validation';
import type { RestRequest } from './request';

type HttpTrait = readonly [method: string, uri: string, status: number];

export const httpTrait = (operation: StaticOperationSchema) =>
  NormalizedSchema.of(operation as unknown as SchemaRef).getMergedTraits().http as HttpTrait;

/** Only the SDKs for JavaScript and Java say the operation's name in the query; nobody has to. */
const OPERATION_NAME = 'x-id';

/** Whether the query parameters and headers that an input cannot be without are there. */
function hasRequired(schema: NormalizedSchema, { query, headers }: RestRequest): boolean {
  const members = schema.getMemberSchemas();
  return requiredMembers(schema).every((name) => {
    const { httpQuery, httpHeader } = members[name]!.getMergedTraits();
    if (httpQuery) return query.has(String(httpQuery));
    return !httpHeader || headers[String(httpHeader).toLowerCase()] !== undefined;
  });
}

/** How closely a request fits an operation: the more it is asked for, the better; undefined when it does not. */
function closeness(operation: StaticOperationSchema, request: RestRequest): number | undefined {
  const [method, uri] = httpTrait(operation);
  const [path, search] = uri.split('?', 2);
  if (method !== request.method || (path === '/{Key+}') !== (request.key !== '')) return undefined;
  const schema = NormalizedSchema.of(operation[4] as SchemaRef);
  const inBucket = schema.isStructSchema() && 'Bucket' in schema.getMemberSchemas();
  if (inBucket !== (request.bucket !== undefined)) return undefined;
  const literals = [...new URLSearchParams(search)].filter(([name]) => name !== OPERATION_NAME);
  if (!literals.every(([name, value]) => request.query.get(name) === value)) return undefined;
  if (!schema.isStructSchema()) return literals.length;
  return hasRequired(schema, request) ? literals.length + requiredMembers(schema).length : undefined;
}

/**
 * The operation that a method, a path and a query ask for: the closest of those that fit, or a description of the
 * request when none does, which no service has an operation for.
 */
export function operationOf(description: Description, request: RestRequest): string {
  let closest: { name: string; degree: number } | undefined;
  for (const [name, operation] of description.operations) {
    const found = closeness(operation, request);
    if (found !== undefined && found > (closest?.degree ?? -1)) closest = { name, degree: found };
  }
  return closest?.name ?? `${request.method} /${request.key}?${request.query}`;
}
