/** What became of one side's requests over a window. */
export interface RequestCounts {
  requests: number;
  /** Answered with 5xx, or not at all. */
  errors: number;
  /** Of those, the ones that nobody answered: refused, reset, closed or timed out. */
  unanswered: number;
  /** Answered with 4xx. */
  clientErrors: number;
}

/** One period as the load balancer counts it: a request when it comes, an answer when a target has given it. */
export interface Counted {
  requests: number;
  /** Answers of targets by class. */
  answers: { success: number; redirect: number; clientError: number; serverError: number };
}

const IDLE_SECONDS = 60;

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** All periods as one. */
export const totalOf = (periods: readonly RequestCounts[]): RequestCounts => ({
  requests: sum(periods.map(({ requests }) => requests)),
  errors: sum(periods.map(({ errors }) => errors)),
  unanswered: sum(periods.map(({ unanswered }) => unanswered)),
  clientErrors: sum(periods.map(({ clientErrors }) => clientErrors)),
});

/**
 * Finds the requests that nobody answered. What the load balancer itself answers for them (502, 503, 504) it counts for
 * all target groups together, so what is missing among a group's answers is the only trace. An answer belongs to a
 * request of its own period, or to the oldest one that is still open; what is open of the last minute may still be
 * answered: so long is a load balancer's idle time-out, after which it gives up.
 * Source: Elastic Load Balancing, Application Load Balancers, "CloudWatch metrics".
 * @param periods in order of time
 */
export function settled(periods: readonly Counted[], periodSeconds: number): RequestCounts[] {
  const open: number[] = [];
  for (const { requests, answers } of periods) {
    let spare = sum(Object.values(answers)) - requests;
    open.push(Math.max(0, -spare));
    for (let index = 0; spare > 0 && index < open.length; index++) {
      const late = Math.min(spare, open[index] ?? 0);
      open[index] = (open[index] ?? 0) - late;
      spare -= late;
    }
  }
  const underWay = Math.ceil(IDLE_SECONDS / periodSeconds);
  open.fill(0, Math.max(0, open.length - underWay));
  return periods.map(({ requests, answers }, index) => {
    const unanswered = open[index] ?? 0;
    return {
      requests,
      errors: answers.serverError + unanswered,
      unanswered,
      clientErrors: answers.clientError,
    };
  });
}
