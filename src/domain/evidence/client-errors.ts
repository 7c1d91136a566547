import { upperTail } from './proportions';
import { type RequestCounts, totalOf } from './request-counts';
import type { Thresholds } from './thresholds';
import type { Evidence } from './verdict';

/** As for errors: how improbable a difference must be at one look. */
const SIGNIFICANT = 1e-3;

const ratio = ({ requests, clientErrors }: RequestCounts) => (requests === 0 ? 0 : clientErrors / requests);
const told = (counts: RequestCounts) =>
  `${counts.clientErrors} of ${counts.requests} (${(ratio(counts) * 100).toFixed(1)} %)`;

/**
 * Does green answer more requests with 4xx than blue? Often that is the clients' doing, so it warns; where the service
 * says from when on it is the version's, it convicts. (Express Mode of Amazon ECS counts 4xx as it counts 5xx.)
 */
export function judgeClientErrors(
  sides: { green: readonly RequestCounts[]; blue: readonly RequestCounts[] },
  thresholds: Thresholds,
): Evidence {
  const { minimumRequests, errorRateIncrease, clientErrorRateIncrease } = thresholds;
  const [green, blue] = [totalOf(sides.green), totalOf(sides.blue)];
  const said = `client errors: green ${told(green)}, blue ${told(blue)}`;
  const numbers = {
    green: [green.clientErrors, green.requests],
    blue: [blue.clientErrors, blue.requests],
  };
  const healthy: Evidence = { verdict: 'healthy', because: said, numbers };
  const few = [green, blue].some(({ requests }) => requests < minimumRequests);
  if (few && clientErrorRateIncrease === null) return healthy;
  if (few)
    return {
      verdict: 'undecided',
      because: `${said}; at least ${minimumRequests} requests on each side are needed`,
      numbers,
    };
  const worse = ratio(green) - ratio(blue);
  const limit = clientErrorRateIncrease ?? errorRateIncrease;
  if (worse <= 0 || worse < limit) return healthy;
  const count = (counts: RequestCounts) => ({ of: counts.requests, hits: counts.clientErrors });
  const p = upperTail(count(green), count(blue));
  if (p >= SIGNIFICANT) return { ...healthy, numbers: { ...numbers, p } };
  const because = `${said}; more than ${(limit * 100).toFixed(1)} % worse`;
  return clientErrorRateIncrease === null
    ? { ...healthy, warning: because, numbers: { ...numbers, p } }
    : { verdict: 'unhealthy', because, numbers: { ...numbers, p } };
}
