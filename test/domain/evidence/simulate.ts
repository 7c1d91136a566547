import { metricSchema } from '../../../src/domain/evidence/own';
import { policyOf } from '../../../src/domain/settings/environments';
import { detection } from './detection';
import { canary, deploy, requestsToConviction, type Shift } from './simulation';
import { thresholds } from './thresholds';

const ERROR_RATES = [0, 0.001, 0.01, 0.05];
/** Small, medium and large traffic, in requests per second, with response times that spread little, much and very much. */
const TRAFFIC = [
  { requestsPerSecond: 4, sigma: 1 },
  { requestsPerSecond: 40, sigma: 0.5 },
  { requestsPerSecond: 40, sigma: 1.5 },
  { requestsPerSecond: 2000, sigma: 1 },
];
export const SHIFTS: [title: string, shift: Shift, share: number][] = [
  ['10 % canary, ten minutes each', canary(10, 600), 1],
  ['50 % canary, ten minutes each', canary(50, 600), 1],
  ['90 % canary, ten minutes each', canary(90, 600), 1],
  ['10 % canary, an hour each', canary(10, 3600), 0.2],
  ['10 % canary, a day each', canary(10, 86_400), 0.02],
];

export interface Rates {
  title: string;
  runs: number;
  convicted: number;
  silent: number;
}

/** Healthy greens: how many are convicted over a whole deployment, and how many rolled back for lack of evidence. */
export function healthyGreens(runs: number, shifts = SHIFTS): Rates[] {
  let seed = 0;
  return shifts.flatMap(([title, shift, share]) =>
    ERROR_RATES.map((errorRate) => {
      const of = { title: `${title}, ${errorRate * 100} % usual errors`, runs: 0, convicted: 0, silent: 0 };
      for (const traffic of TRAFFIC)
        for (let run = 0; run < Math.max(1, runs * share); run++) {
          const { by } = deploy(++seed, { errorRate, ...traffic }, shift, thresholds);
          of.runs++;
          if (by === 'silence') of.silent++;
          else if (by) of.convicted++;
        }
      return of;
    }),
  );
}

export interface Power {
  title: string;
  runs: number;
  within500: number;
  median: number;
}

/** Greens with ten percentage points more errors: how many are convicted within 500 of their requests. */
export function failingGreens(runs: number): Power[] {
  return ERROR_RATES.flatMap((errorRate) =>
    [9, 1].map((bluePerGreen) => {
      const found = Array.from({ length: runs }, (_, run) =>
        requestsToConviction(1 + run, { errorRate, moreErrors: 0.1, bluePerGreen }, thresholds, 500),
      );
      const within = found.filter((requests) => requests !== undefined).sort((a, b) => a - b);
      return {
        title: `${errorRate * 100} % usual errors, ${100 / (1 + bluePerGreen)} % on green`,
        runs,
        within500: within.length,
        median: within[Math.floor(found.length / 2)] ?? Number.NaN,
      };
    }),
  );
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;

/** What the aims are for: a quarter of the answers fails, and the load balancer's minutes come two minutes late. */
export const LATE = { requestsPerSecond: 50, failing: 0.25, bakeSeconds: 600, delaySeconds: 120 };

/** A metric of the service's own with the share of a slot's answers that failed. */
export const failedShare = (periodSeconds: number) =>
  metricSchema.parse({
    namespace: 'Shop',
    metric: 'Failed',
    dimensions: { a: { Slot: 'a' }, b: { Slot: 'b' } },
    statistic: 'Average',
    periodSeconds,
    limit: { above: 0.05 },
  });

/** `npm run simulate [runs]` */
function main(): void {
  const runs = Number(process.argv[2] ?? 100);
  console.log('healthy greens, all looks, error ratio and latency');
  let all = 0;
  let convicted = 0;
  for (const rates of healthyGreens(runs)) {
    all += rates.runs;
    convicted += rates.convicted;
    console.log(
      `  ${rates.title}: ${rates.convicted} of ${rates.runs} convicted (${percent(rates.convicted, rates.runs)}), ${rates.silent} rolled back for lack of evidence`,
    );
  }
  console.log(`  all: ${percent(convicted, all)} convicted`);
  console.log('greens with 10 percentage points more errors');
  for (const { title, runs: of, within500, median } of failingGreens(runs * 10))
    console.log(`  ${title}: ${percent(within500, of)} convicted within 500 requests, half within ${median}`);
  console.log(
    'a quarter of green’s answers fails, production’s policy: seconds from its first user to the return of',
  );
  console.log(
    'traffic, over all phases of the minute; by minutes that are published 60, 120 and 180 s late, and with test requests',
  );
  const production = policyOf('production', { environments: {} }).thresholds;
  for (const percent of [5, 100])
    for (const requestsPerSecond of [2, 10, 50, 500]) {
      const green = { requestsPerSecond, percent, failing: 0.25, bakeSeconds: 600 };
      const found = (delaySeconds: number, testRequests: number) => {
        const { median, worst } = detection({ ...green, delaySeconds, testRequests }, production);
        return `${median}, at most ${worst}`;
      };
      const minutes = [60, 120, 180].map((delay) => found(delay, 0)).join(' | ');
      console.log(
        `| ${percent} % of ${requestsPerSecond} | ${minutes} | ${found(120, production.testRequests)} |`,
      );
    }
  console.log(
    'the same of 50 requests a second, 120 s late and with test requests, where the service publishes the failed share itself',
  );
  for (const percent of [5, 100])
    for (const beginsSeconds of [0, 100, 300, 500]) {
      const periods = [1, 5, 10].map((periodSeconds) => {
        const { median, worst, soon } = detection(
          {
            ...LATE,
            percent,
            testRequests: production.testRequests,
            beginsSeconds,
            own: failedShare(periodSeconds),
          },
          production,
        );
        return `${median}, at most ${worst}; ${(100 * soon).toFixed(1)} %`;
      });
      console.log(`| ${percent} %, after ${beginsSeconds} s | ${periods.join(' | ')} |`);
    }
}

// a suite imports it as well
if (process.argv[1] === __filename) main();
