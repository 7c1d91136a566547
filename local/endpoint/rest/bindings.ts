import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';
import { malformed } from '../errors';

const HTTP_DATE = 6;
const settings = { httpBindings: true, timestampFormat: { useTrait: true, default: HTTP_DATE } } as const;
const scalars = new FromStringShapeDeserializer(settings);

/** What a REST request says outside its body. */
export interface Bound {
  /** The parts of the path that an operation's URI names. */
  labels: Readonly<Record<string, string | undefined>>;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

function readScalar(schema: NormalizedSchema, text: string): unknown {
  try {
    return scalars.read(schema, text);
  } catch {
    throw malformed(`${JSON.stringify(text)} is not a value for ${schema.getMemberName()}`);
  }
}

/** The headers below a prefix, by what follows it: the user's own metadata. */
function prefixed(headers: Bound['headers'], prefix: string): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), String(value)]));
}

/**
 * The members of an input that travel in the path, the query and the headers.
 * @throws CommonError for a value that is not of its type
 */
export function readBindings(schema: NormalizedSchema, { labels, query, headers }: Bound) {
  const input: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders } = member.getMergedTraits();
    if (httpPrefixHeaders) input[name] = prefixed(headers, String(httpPrefixHeaders));
    let text: unknown;
    if (httpLabel) text = labels[name];
    else if (httpQuery) text = query.get(String(httpQuery));
    else if (httpHeader) text = headers[String(httpHeader).toLowerCase()];
    if (text !== undefined && text !== null) input[name] = readScalar(member, String(text));
  }
  return input;
}

function headerText(schema: NormalizedSchema, value: unknown): string {
  const writer = new ToStringShapeSerializer(settings);
  writer.write(schema, value);
  return String(writer.flush());
}

/** The members of an output that travel in the headers and in the status, when one says it. */
export function writeBindings(schema: NormalizedSchema, output: Readonly<Record<string, unknown>>) {
  const headers: Record<string, string> = {};
  let status: number | undefined;
  for (const [name, member] of schema.structIterator()) {
    const { httpHeader, httpPrefixHeaders, httpResponseCode } = member.getMergedTraits();
    const value = output[name];
    if (value === undefined || value === null) continue;
    if (httpResponseCode) status = Number(value);
    if (httpHeader) headers[String(httpHeader).toLowerCase()] = headerText(member, value);
    for (const [key, text] of Object.entries(httpPrefixHeaders ? value : {})) {
      headers[httpPrefixHeaders + key] = String(text);
    }
  }
  return { headers, status };
}

/** The same structure with only the members that travel in the body. */
export function bodyOf(schema: StaticStructureSchema): StaticStructureSchema {
  const [id, namespace, name, traits, names, schemas] = schema;
  const members = NormalizedSchema.of(schema).getMemberSchemas();
  const kept = names.filter((member) => {
    const bound = members[member]!.getMergedTraits();
    const { httpHeader, httpPrefixHeaders, httpLabel, httpQuery, httpResponseCode } = bound;
    return !httpHeader && !httpPrefixHeaders && !httpLabel && !httpQuery && !httpResponseCode;
  });
  return [id, namespace, name, traits, kept, kept.map((member) => schemas[names.indexOf(member)]!)];
}
