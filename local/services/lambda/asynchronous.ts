import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock';
import type { Invocation } from '../../service';
import { bury, type Destinations, type Outcome, send } from './destinations';
import type { LambdaFunction } from './function';

/** Cloud time before a failed event is tried again: a minute, then two. */
const RETRY_MS = [60_000, 120_000];
/** Where Lambda itself refuses, it tries from every second on to every five minutes, and counts no attempt. */
const BACK_OFF_MS = { first: 1_000, longest: 300_000 };

export type Attempt = (event: unknown) => Promise<Invocation>;

interface Queued {
  fn: LambdaFunction;
  event: unknown;
  /** The first attempt may meet a misfortune that the others do not. */
  first: Attempt;
  again: Attempt;
}

/** The queue of events in front of the functions; what is in it when the cloud closes is forgotten. */
export function createQueue({ clock, destinations }: { clock: Clock; destinations: Destinations }) {
  const closing = new AbortController();

  async function handle({ fn, event, first, again }: Queued): Promise<void> {
    const { retries, maximumAgeMs, onSuccess, onFailure } = fn.asynchronous;
    const outcome: Outcome = {
      ...{ requestId: randomUUID(), at: clock.now(), fn, event, count: 0 },
      condition: 'RetriesExhausted',
    };
    const end = clock.now() + maximumAgeMs;
    let backOff = BACK_OFF_MS.first;
    for (let failures = 0; failures <= retries; ) {
      let wait: number;
      try {
        const attempt = outcome.count === 0 ? first : again;
        outcome.count++;
        outcome.response = await attempt(event);
        outcome.at = clock.now();
        if (!('error' in outcome.response)) {
          if (onSuccess) await send(destinations, onSuccess, { ...outcome, condition: 'Success' });
          return;
        }
        wait = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]!;
      } catch {
        wait = backOff;
        backOff = Math.min(backOff * 2, BACK_OFF_MS.longest);
      }
      if (failures > retries) break;
      if (clock.now() + wait > end) {
        outcome.condition = 'EventAgeExceeded';
        break;
      }
      await clock.sleep(wait, closing.signal);
    }
    bury(destinations, outcome);
    if (onFailure) await send(destinations, onFailure, outcome);
  }

  return {
    /** Takes an event; nobody waits for what becomes of it. */
    take(queued: Queued): void {
      handle(queued).catch(() => {});
    },
    close: () => closing.abort(new Error('the cloud is closing')),
  };
}
