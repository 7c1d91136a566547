/** The counts of one flush; response times are seconds, each with how often it was seen. */
export interface Counts {
  requests: number;
  /** Answers of targets by class: [2xx, 3xx, 4xx, 5xx]. */
  answers: [number, number, number, number];
  /** 5xx answers the load balancer made itself. */
  ownFaults: number;
  connectionFaults: number;
  /** Requests that failed because of a target that is a function: it threw, or answered what is no answer. */
  functionFaults: number;
  fixedResponses: number;
  redirects: number;
  times: { values: number[]; counts: number[] };
}

/** Response times are kept to about one percent, which bounds their number whatever the traffic. */
const STEPS_PER_E = 100;
const SHORTEST_SECONDS = 1e-6;

/** Counts requests between two flushes: a few additions per request, so that counting never slows the proxy. */
export class Tally {
  requests = 0;
  readonly answers: [number, number, number, number] = [0, 0, 0, 0];
  ownFaults = 0;
  connectionFaults = 0;
  functionFaults = 0;
  fixedResponses = 0;
  redirects = 0;
  private times = new Map<number, number>();

  /** A target answered with `status` after `seconds`. */
  answered(status: number, seconds: number): void {
    const kind = Math.floor(status / 100) - 2;
    if (kind >= 0 && kind < 4) this.answers[kind as 0 | 1 | 2 | 3]++;
    const bucket = Math.round(Math.log(Math.max(seconds, SHORTEST_SECONDS)) * STEPS_PER_E);
    this.times.set(bucket, (this.times.get(bucket) ?? 0) + 1);
  }

  /** What was counted since the last call; the counters start again at zero. */
  take(): Counts {
    const { requests, ownFaults, connectionFaults, functionFaults, fixedResponses, redirects } = this;
    const counts: Counts = {
      requests,
      answers: [...this.answers],
      ownFaults,
      connectionFaults,
      functionFaults,
      fixedResponses,
      redirects,
      times: {
        values: [...this.times.keys()].map((bucket) => Math.exp(bucket / STEPS_PER_E)),
        counts: [...this.times.values()],
      },
    };
    this.requests = this.ownFaults = this.fixedResponses = this.redirects = 0;
    this.connectionFaults = this.functionFaults = 0;
    this.answers.fill(0);
    this.times = new Map();
    return counts;
  }
}
