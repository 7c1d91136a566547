import {
  type InputLogEvent,
  InvalidParameterException,
  type RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';

export const invalid = (message: string) => new InvalidParameterException({ message, $metadata: {} });

/** Bytes of one event and of a batch, in which each event counts 26 more (API reference, PutLogEvents). */
const LARGEST = 1_048_576;
const OVERHEAD = 26;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_SPAN_MS = DAY_MS;
const OLDEST_MS = 14 * DAY_MS;
const NEWEST_MS = 2 * HOUR_MS;

/** Days that a log group may keep its events (API reference, PutRetentionPolicy). */
const RETENTIONS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288],
  3653,
];

export function checkRetention(days: number): void {
  if (RETENTIONS.includes(days)) return;
  throw invalid(
    `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`,
  );
}

/** Throws InvalidParameterException for a batch that is refused as a whole: too large, out of order, too long. */
export function checkBatch(events: readonly InputLogEvent[]): void {
  const sizes = events.map(({ message = '' }) => Buffer.byteLength(message) + OVERHEAD);
  const largest = Math.max(...sizes);
  if (largest > LARGEST) throw invalid(`Log event too large: ${largest} bytes exceeds limit of ${LARGEST}`);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > LARGEST) throw invalid(`Upload too large: ${total} bytes exceeds limit of ${LARGEST}`);
  const times = events.map(({ timestamp }) => timestamp!);
  if (times.some((time, index) => index > 0 && time < times[index - 1]!)) {
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
  }
  if (times.at(-1)! - times[0]! > LONGEST_SPAN_MS) {
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

/** The events of a batch that are taken, and where those begin and end that are too old, expired or of the future. */
export function sortOut(
  events: readonly InputLogEvent[],
  now: number,
  retentionInDays?: number,
): { taken: InputLogEvent[]; rejectedLogEventsInfo?: RejectedLogEventsInfo } {
  const expired = retentionInDays === undefined ? Number.NEGATIVE_INFINITY : now - retentionInDays * DAY_MS;
  const count = (test: (time: number) => boolean) =>
    events.filter(({ timestamp }) => test(timestamp!)).length;
  const tooOld = count((time) => time < now - OLDEST_MS);
  const expiredOnes = count((time) => time < expired);
  const inTime = events.length - count((time) => time > now + NEWEST_MS);
  const info: RejectedLogEventsInfo = {
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expiredOnes > 0 && { expiredLogEventEndIndex: expiredOnes }),
    ...(inTime < events.length && { tooNewLogEventStartIndex: inTime }),
  };
  return {
    taken: events.slice(Math.max(tooOld, expiredOnes), inTime),
    ...(Object.keys(info).length > 0 && { rejectedLogEventsInfo: info }),
  };
}
