/** Bakes up to a minute are looked at evenly: they are short enough. */
const SHORT_SECONDS = 60;
const FIRST_SECONDS = 10;
/** Each pause is at most so many times the time that has passed: two in the first minute, and later less. */
const EARLY_GROWTH = 2;
const GROWTH = 0.75;
const EARLY_PAUSE_SECONDS = 60;
const LONGEST_SECONDS = 2700;
/** So long a step is looked at often, and all steps together: a history ends at 25,000 events. */
const OFTEN_SECONDS = 600;
const OFTEN_IN_ALL_SECONDS = 2 * OFTEN_SECONDS;
/** A metric with such periods tells no more than the load balancer's. */
const COARSE_SECONDS = 60;

/** Looks that get no fewer for a while. */
export interface Often {
  everySeconds: number;
  /** Of each step's bake. */
  forSeconds: number;
}

/**
 * A service that publishes more often than once a minute is looked at as often, for the first ten minutes of each step,
 * or less where there are more than two.
 */
export function oftenFor(metrics: readonly { periodSeconds: number }[], steps: number): Often | undefined {
  const finest = Math.min(...metrics.map(({ periodSeconds }) => periodSeconds));
  if (finest >= COARSE_SECONDS) return undefined;
  return {
    everySeconds: Math.max(finest, FIRST_SECONDS),
    forSeconds: Math.min(OFTEN_SECONDS, OFTEN_IN_ALL_SECONDS / steps),
  };
}

const first = (bakeSeconds: number) => Math.min(Math.max(Math.ceil(bakeSeconds / 10), 1), FIRST_SECONDS);

/**
 * Seconds until the next look at a bake: often at first, when a bad release shows, then less and less, so that ten
 * minutes cost seven looks and a day of baking forty: each is three transitions of the state machine, and they are paid for.
 * In the first four minutes, while a load balancer's first minutes appear, no pause is longer than two.
 */
export function nextLook(elapsedSeconds: number, bakeSeconds: number, often?: Often): number {
  const soonest = first(bakeSeconds);
  const left = Math.ceil(bakeSeconds - elapsedSeconds);
  if (left <= 0) return Math.max(Math.ceil(-left / 2), soonest);
  const most = often && elapsedSeconds < often.forSeconds ? often.everySeconds : LONGEST_SECONDS;
  const longest = bakeSeconds <= SHORT_SECONDS ? soonest : most;
  const growing = Math.max(
    Math.min(elapsedSeconds * EARLY_GROWTH, EARLY_PAUSE_SECONDS),
    elapsedSeconds * GROWTH,
  );
  const pause = Math.min(Math.max(Math.ceil(growing), soonest), longest);
  // a look just before the end would be one too many
  return left < pause * 1.2 ? left : pause;
}
