import * as z from 'zod';
import { canBeSent } from '../../function-http';

const answerSchema = z.object({
  statusCode: z.int().min(200).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** What a function answered to its URL, as an HTTP response. */
export interface UrlAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

const hasStatus = (payload: unknown): payload is object =>
  typeof payload === 'object' && payload !== null && 'statusCode' in payload;

/**
 * An object with a `statusCode` is the whole response; anything else is a 200 whose body it is, as JSON. Undefined
 * for a response that cannot be sent, which AWS answers with 502.
 */
export function urlAnswer(payload: unknown): UrlAnswer | undefined {
  const headers: UrlAnswer['headers'] = { 'content-type': 'application/json' };
  if (!hasStatus(payload))
    return { status: 200, headers, body: Buffer.from(JSON.stringify(payload ?? null)) };
  const { success, data } = answerSchema.safeParse(payload);
  if (!success) return undefined;
  for (const [name, value] of Object.entries(data.headers ?? {})) headers[name.toLowerCase()] = String(value);
  if (data.cookies?.length) headers['set-cookie'] = data.cookies;
  const body = Buffer.from(data.body ?? '', data.isBase64Encoded ? 'base64' : 'utf8');
  headers['content-length'] = String(body.length);
  return canBeSent(headers) ? { status: data.statusCode, headers, body } : undefined;
}
