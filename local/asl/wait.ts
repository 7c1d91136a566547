import { queryFault, runtimeFault } from './errors';
import type { Frame } from './frame';
import { expectType } from './jsonata';
import { json } from './size';
import { parseTimestamp } from './timestamp';

const LONGEST_WAIT_SECONDS = 99_999_999;

/** Waits as a Wait state says: for Seconds or until Timestamp, either of them literal, from a path or evaluated. */
export async function runWait(frame: Frame, effectiveInput: unknown): Promise<void> {
  const { services, signal } = frame.scope;
  const timestamp = await frame.value('Timestamp', effectiveInput);
  const ms =
    timestamp === undefined
      ? duration(frame, await frame.value('Seconds', effectiveInput))
      : instant(frame, timestamp) - services.clock.now();
  if (ms > 0) await services.clock.sleep(ms, signal);
}

function instant(frame: Frame, value: unknown): number {
  const { Timestamp, TimestampPath } = frame.state;
  if (frame.usesJsonata) expectType(value, 'string', Timestamp, 'Timestamp');
  const nanoseconds = parseTimestamp(value);
  if (nanoseconds !== undefined) return Number(nanoseconds / 1_000_000n);
  if (frame.usesJsonata) {
    throw queryFault(`The Timestamp value is not a valid ISO-8601 date-time: ${json(value)}`, 'Timestamp');
  }
  throw runtimeFault(
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${TimestampPath} == ${value}`,
  );
}

function duration(frame: Frame, value: unknown): number {
  if (frame.usesJsonata) expectType(value, 'number', frame.state.Seconds, 'Seconds');
  const isInteger = typeof value === 'number' && Number.isInteger(value);
  if (isInteger && value >= 0 && value <= LONGEST_WAIT_SECONDS) return value * 1000;
  if (frame.usesJsonata) {
    throw queryFault(
      `The Seconds value must be an integer from 0 to ${LONGEST_WAIT_SECONDS}: ${value}`,
      'Seconds',
    );
  }
  const reference = `${frame.state.SecondsPath} == ${json(value)}`;
  throw runtimeFault(
    isInteger
      ? `The SecondsPath parameter must be from 0 to ${LONGEST_WAIT_SECONDS}: ${reference}`
      : `The SecondsPath parameter cannot be parsed as a long value: ${reference}`,
  );
}
