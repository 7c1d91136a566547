import * as z from 'zod';
import { canBeSent } from '../function-http';
import { responseHeaders } from './headers';

const header = <Schema extends z.ZodType>(value: Schema) => z.record(z.string(), value).nullish();

const answerSchema = z.object({
  statusCode: z.int().min(200).max(599),
  statusDescription: z.string().nullish(),
  headers: header(z.string()),
  multiValueHeaders: header(z.array(z.string())),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** What a function answered, as an HTTP response. */
export interface FunctionAnswer {
  status: number;
  /** The reason phrase; that of the status when undefined. */
  reason?: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

const RESPONSE_LIMIT = 1024 * 1024;

/**
 * Reads a function's answer to a load balancer; undefined for one that AWS answers with 502: no number in
 * `statusCode`, headers that are not strings, more than 1 MB. A group with multi-value headers reads only those.
 */
export function functionAnswer(payload: unknown, multiValueHeaders: boolean): FunctionAnswer | undefined {
  const { success, data } = answerSchema.safeParse(payload);
  if (!success || JSON.stringify(payload).length > RESPONSE_LIMIT) return undefined;
  const given = (multiValueHeaders ? data.multiValueHeaders : data.headers) ?? {};
  const lowerCase = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value] as const);
  const headers = responseHeaders<FunctionAnswer['headers']>(Object.fromEntries(lowerCase));
  if (!canBeSent(headers)) return undefined;
  const body = Buffer.from(data.body ?? '', data.isBase64Encoded ? 'base64' : 'utf8');
  // a load balancer counts the body itself
  headers['content-length'] = String(body.length);
  headers['content-type'] ??= 'application/octet-stream';
  // "503 Service Unavailable": the code stands in front of the phrase
  const reason = data.statusDescription?.replace(/^\d{3}\s*/, '').replace(/[^\x20-\x7e]/g, '');
  return { status: data.statusCode, ...(reason && { reason }), headers, body };
}
