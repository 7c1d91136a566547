import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Between the looks at something that was just changed, in ms: reads of AWS may be behind a write for some seconds, and one that
 * is not behind may be followed by one that is.
 */
const PAUSES_MS = [250, 750, 2_000];

/** Looks until what was written is shown, and answers with the last look: whoever asks says what it means that it is not. */
export async function lookUntil<Look>(
  look: () => Promise<Look>,
  isShown: (seen: Look) => boolean,
): Promise<Look> {
  let seen = await look();
  for (const pause of PAUSES_MS) {
    if (isShown(seen)) return seen;
    await sleep(pause);
    seen = await look();
  }
  return seen;
}
