import { type Redact, redacted } from '../privacy/redaction';
import type { Refusal } from './operations';

/** What the function answers API Gateway. Source: Amazon API Gateway Developer Guide, "Lambda function response for format 2.0". */
export interface Response {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** As HTTP calls them, which is what a problem of no type of its own is titled with. Source: RFC 9457, section 4.2.1. */
const TITLES: Record<Refusal, string> = { 400: 'Bad Request', 404: 'Not Found', 409: 'Conflict' };

/** What has been done, begun or found; all texts of it redacted. */
export const response = (statusCode: 200 | 202, document: object, redact: Redact): Response => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(redacted(document, redact)),
});

/** What has not, as RFC 9457 says it. `errors`: of a bad input each one, with its path, what was received and what was expected. */
export const problem = (status: Refusal, detail: string, redact: Redact, errors?: string[]): Response => ({
  statusCode: status,
  headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  body: JSON.stringify(
    redacted({ type: 'about:blank', title: TITLES[status], status, detail, errors }, redact),
  ),
});
