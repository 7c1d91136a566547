/** Bakes up to a minute are looked at evenly: they are short enough. */
const SHORT_SECONDS = 60;
const FIRST_SECONDS = 5;
/** Each pause is so much longer than the time that has passed. */
const GROWTH = 1.5;
const LONGEST_SECONDS = 2700;

const first = (bakeSeconds: number) => Math.min(Math.max(Math.ceil(bakeSeconds / 10), 1), FIRST_SECONDS);

/**
 * Seconds until the next look at a bake: often at first, when a bad release shows, then less and less, so that ten
 * minutes cost seven looks and a day of baking forty: each is three transitions of the state machine, and they are paid for.
 */
export function nextLook(elapsedSeconds: number, bakeSeconds: number): number {
  const soonest = first(bakeSeconds);
  const left = Math.ceil(bakeSeconds - elapsedSeconds);
  if (left <= 0) return Math.max(Math.ceil(-left / 2), soonest);
  const longest = bakeSeconds <= SHORT_SECONDS ? soonest : LONGEST_SECONDS;
  const pause = Math.min(Math.max(Math.ceil(elapsedSeconds * GROWTH), soonest), longest);
  // a look just before the end would be one too many
  return left < pause * 1.2 ? left : pause;
}
