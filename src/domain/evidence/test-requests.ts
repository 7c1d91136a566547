import * as z from 'zod/mini';
import { FUNCTION_TIMEOUT_SECONDS } from '../time/limits';
import type { Period } from './latency';
import { type Count, upperTail } from './proportions';
import { type RequestCounts, totalOf } from './request-counts';
import { type Answered, judgeAnswer, type RequestTest, type SmokeTest } from './smoke-tests';
import type { Thresholds } from './thresholds';
import type { Evidence } from './verdict';

/** What green was asked at one look, and what became of it. */
export const testBatchSchema = z.object({
  /** When the look was begun. */
  at: z.iso.datetime(),
  requests: z.int(),
  /** Answered otherwise than the tests want, or not at all. */
  failures: z.int(),
  /** Of the newest failure. */
  because: z.string(),
  /** As the load balancer counts them: 5xx or no answer, and 4xx. */
  errors: z.int(),
  clientErrors: z.int(),
});
export type TestBatch = z.infer<typeof testBatchSchema>;

/** How improbable so many failures of one look must be, or of two together. */
const SUSPICIOUS = 0.05;
const SIGNIFICANT = 1e-3;
/** What convicts has to be true of a green that is asked a hundred thousand times as often. */
const MANY = 1e5;
/** So much of a period's requests may be tests before its response times are theirs instead of users'. */
const FEW = 0.1;

/**
 * What green is asked at one look: so many of the service's smoke tests, in turns, that are requests and change nothing.
 * How fast it answers the latency says. Source: RFC 9110, 9.2.1, safe methods.
 */
export function testRequestsOf(tests: readonly SmokeTest[], count: number): RequestTest[] {
  const safe = tests.flatMap((test) =>
    'path' in test && ['GET', 'HEAD', 'OPTIONS'].includes(test.method ?? 'GET')
      ? { ...test, maximumMs: undefined }
      : [],
  );
  return safe.length === 0 ? [] : Array.from({ length: count }, (_, index) => safe[index % safe.length]!);
}

export function batchOf(at: Date, answered: readonly Answered[]): TestBatch {
  const failed = answered
    .map(({ test, answer }) => judgeAnswer(test, answer))
    .filter(({ status }) => status === 'failed');
  const statuses = answered.map(({ answer }) => ('none' in answer ? 599 : answer.status));
  return {
    at: at.toISOString(),
    requests: answered.length,
    failures: failed.length,
    because: failed.at(-1)?.because ?? '',
    errors: statuses.filter((status) => status >= 500).length,
    clientErrors: statuses.filter((status) => status >= 400 && status < 500).length,
  };
}

/** Whether so many failures are no chance for a green that fails as often as blue, and a little more. */
function improbable(failures: Count, blue: RequestCounts, { errorRateIncrease }: Thresholds, limit: number) {
  const allowed = Math.min(1, errorRateIncrease + (blue.requests === 0 ? 0 : blue.errors / blue.requests));
  return failures.hits > 0 && upperTail(failures, { of: MANY, hits: Math.round(allowed * MANY) }) < limit;
}

/**
 * Do the workflow's own requests fail on green more often than users' fail on blue? What they find needs no published minute.
 * Two looks in a row have to find it, because a database that pauses for two seconds fails everything that is asked in them.
 * @param batches all of this bake, oldest first
 */
export function judgeTestRequests(
  batches: readonly TestBatch[],
  bluePeriods: readonly RequestCounts[],
  thresholds: Thresholds,
): Evidence {
  const blue = totalOf(bluePeriods);
  const count = (some: readonly TestBatch[]): Count => ({
    of: some.reduce((sum, { requests }) => sum + requests, 0),
    hits: some.reduce((sum, { failures }) => sum + failures, 0),
  });
  const suspicious = (batch: TestBatch | undefined) =>
    batch !== undefined && improbable(count([batch]), blue, thresholds, SUSPICIOUS);
  const newest = batches.at(-1);
  const all = count(batches);
  const numbers = { green: [all.hits, all.of] };
  if (!newest) return { verdict: 'healthy', because: 'no test requests are sent', numbers };
  if (!suspicious(newest))
    return { verdict: 'healthy', because: `${all.hits} of ${all.of} test requests to green failed`, numbers };
  const both = batches.slice(-2);
  const { of, hits } = count(suspicious(batches.at(-2)) ? both : [newest]);
  const said = `${hits} of ${of} test requests to green failed`;
  return suspicious(batches.at(-2)) && improbable({ of, hits }, blue, thresholds, SIGNIFICANT)
    ? { verdict: 'unhealthy', because: `${said}, the newest: ${newest.because}`, numbers }
    : { verdict: 'undecided', because: `${said}, and are sent once more`, numbers };
}

/**
 * A target group's periods without the test requests, which the load balancer counts with users': a green that nobody uses
 * would seem to be used, and one that fails users not to fail so often. Response times cannot be told apart, so those of a
 * period with more than a few tests are left out.
 */
export function withoutTests(
  periods: readonly Period[],
  batches: readonly TestBatch[],
  periodSeconds: number,
): Period[] {
  const left = periods.map((period) => ({ ...period }));
  for (const batch of batches) {
    const at = Date.parse(batch.at);
    const rest = { requests: batch.requests, errors: batch.errors, clientErrors: batch.clientErrors };
    // a look takes a while, and its requests go on in the next period
    const end = at + FUNCTION_TIMEOUT_SECONDS * 1000;
    const within = left.filter(({ until }) => until > at && until - periodSeconds * 1000 <= end);
    for (const period of within) {
      const before = period.requests;
      for (const name of ['requests', 'errors', 'clientErrors'] as const) {
        const taken = Math.min(rest[name], period[name]);
        period[name] -= taken;
        rest[name] -= taken;
      }
      period.unanswered = Math.min(period.unanswered, period.errors);
      if (before - period.requests > FEW * before) Object.assign(period, { p50: undefined, p99: undefined });
    }
  }
  return left.filter(({ requests }) => requests > 0);
}
