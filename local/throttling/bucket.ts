/**
 * The token bucket by which AWS throttles: a request takes a token, and tokens come back at a steady rate until the
 * bucket is full. Starts full. Times are milliseconds of one clock that never goes back.
 * Source: Amazon ECS API Reference, "Request throttling for the Amazon ECS API".
 */
export class TokenBucket {
  private tokens: number;
  private filledAt: number | undefined;

  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
  ) {
    this.tokens = burst;
  }

  /** Is there a token at this time? */
  has(now: number): boolean {
    const since = now - (this.filledAt ?? now);
    this.tokens = Math.min(this.burst, this.tokens + (since / 1000) * this.perSecond);
    this.filledAt = now;
    return this.tokens >= 1;
  }

  /** Takes a token that there is. */
  take(): void {
    this.tokens -= 1;
  }
}
