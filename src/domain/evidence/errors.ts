import { drift } from './drift';
import { upperTail } from './proportions';
import { type RequestCounts, totalOf } from './request-counts';
import type { Thresholds } from './thresholds';
import type { Evidence } from './verdict';

/**
 * How improbable a difference must be at one look to convict. A deployment looks a dozen to eighty times, each time at what
 * it has seen before and some more: `npm run simulate` shows that this convicts fewer than one healthy green in a hundred.
 */
const SIGNIFICANT = 1e-3;

/**
 * So many standard deviations of blue's own ups and downs are no news: four, because ten minutes give only a rough idea of
 * one (the t distribution with nine degrees of freedom reaches 99.8 % there).
 */
const USUAL = 4;

/** Green's and blue's answers, period by period. */
export interface Sides {
  green: readonly RequestCounts[];
  blue: readonly RequestCounts[];
  /** Whether both sides had their traffic at the same time, so that what troubles a minute troubles both. */
  sameMinutes: boolean;
  /** Whether there are WebSockets among the requests: their answer, 101, is in no class, as if nobody had answered. */
  streams?: boolean;
}

const ratio = ({ requests, errors }: RequestCounts) => (requests === 0 ? 0 : errors / requests);
const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
/** The share in words: what nobody answered is a target's doing as much as a 5xx. */
const told = (counts: RequestCounts, what = '') =>
  [
    `${counts.errors} of ${counts.requests}`,
    ...(what ? [what] : []),
    `(${percent(ratio(counts))}${counts.unanswered > 0 ? `, ${counts.unanswered} of them unanswered` : ''})`,
  ].join(' ');
const count = ({ requests, errors }: RequestCounts) => ({ of: requests, hits: errors });

/**
 * Does green fail more requests than blue? Too few requests on either side decide nothing. A green that fails outright
 * is convicted without blue, by the ceiling.
 */
export function judgeErrors(sides: Sides, thresholds: Thresholds): Evidence {
  const { minimumRequests, errorRateCeiling, errorRateIncrease } = thresholds;
  const [green, blue] = [totalOf(sides.green), totalOf(sides.blue)];
  const said = `green ${told(green, 'requests failed')}, blue ${told(blue)}`;
  const numbers = {
    green: [green.errors, green.requests],
    blue: [blue.errors, blue.requests],
    unanswered: [green.unanswered, blue.unanswered],
  };
  const undecided = (side: string): Evidence => ({
    verdict: 'undecided',
    because: `${said}; at least ${minimumRequests} requests on ${side} are needed`,
    numbers,
  });
  if (green.requests < minimumRequests) return undecided('green');
  // how many of them are WebSockets only blue can tell
  const outright = sides.streams ? { ...green, errors: green.errors - green.unanswered } : green;
  if (ratio(outright) >= errorRateCeiling)
    return { verdict: 'unhealthy', because: `${said}; the ceiling is ${percent(errorRateCeiling)}`, numbers };
  if (blue.requests < minimumRequests) return undecided('blue');
  const healthy: Evidence = { verdict: 'healthy', because: said, numbers };
  const increase = errorRateIncrease + (sides.sameMinutes ? 0 : usual(sides));
  if (ratio(green) - ratio(blue) < increase || ratio(green) === ratio(blue)) return healthy;
  const p = upperTail(count(green), count(blue));
  if (p >= SIGNIFICANT) return { ...healthy, numbers: { ...numbers, p } };
  return {
    verdict: 'unhealthy',
    because: `${said}; more than ${percent(increase)} worse`,
    numbers: { ...numbers, p },
  };
}

/** How far apart two equal versions come when each has its own minutes, from how blue's minutes differ among themselves. */
const usual = ({ green, blue }: Sides) =>
  USUAL * drift(blue) * Math.sqrt(1 / Math.max(1, green.length) + 1 / Math.max(1, blue.length));
