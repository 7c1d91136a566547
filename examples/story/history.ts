import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** The states an execution entered, in order, loops and all. */
export const pathOf = (events: readonly HistoryEvent[]): string[] =>
  events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);

/** A path for people: neither questions nor waits, and what repeats is named once. */
export function shortPath(path: readonly string[]): string[] {
  const steps = path.filter(
    (state) => !state.endsWith('?') && !state.startsWith('WaitFor') && state !== 'Bake',
  );
  return steps.filter((state, at) => state !== steps[at - 1]);
}

/** Why the execution failed, in the workflow's words. */
export const failureOf = (events: readonly HistoryEvent[]): string | undefined =>
  // the page to which its last line leads ends with the story
  events.at(-1)?.executionFailedEventDetails?.cause?.replace(/\nreport: \S+$/, '');

/** The schema's fingerprint in the result of InspectDatabase; undefined when the execution did not get there. */
export function schemaBefore(events: readonly HistoryEvent[]): string | undefined {
  const inspected = events.find((event) => event.stateExitedEventDetails?.name === 'InspectDatabase');
  const { before } = JSON.parse(inspected?.stateExitedEventDetails?.output ?? '{}') as {
    before?: { fingerprint?: string };
  };
  return before?.fingerprint;
}

const time = (event?: HistoryEvent) => event?.timestamp?.getTime();

/**
 * Ms from the moment ObserveGreen's evidence convicted green to the moment all users were back on blue;
 * null where traffic did not return.
 */
export function verdictToBlueMs(events: readonly HistoryEvent[]): number | null {
  const entered = events.findIndex((event) => event.stateEnteredEventDetails?.name === 'ReturnTraffic');
  if (entered < 0) return null;
  const verdict = events
    .slice(0, entered)
    .findLast((event) => event.stateExitedEventDetails?.name === 'ObserveGreen');
  const returned = events
    .slice(entered)
    .find((event) => /^(Task|LambdaFunction)Succeeded$/.test(event.type ?? ''));
  const [from, to] = [time(verdict), time(returned)];
  return from === undefined || to === undefined ? null : to - from;
}

/** Ms from the moment the page took the users to the moment they had an application again; null without a window. */
export function windowMs(events: readonly HistoryEvent[]): number | null {
  const closed = events.find((event) => event.stateExitedEventDetails?.name === 'CloseService');
  if (!closed) return null;
  const opened = events.find(
    (event) =>
      (event.id ?? 0) > (closed.id ?? 0) &&
      ['ShiftTraffic', 'ReturnTraffic'].includes(event.stateExitedEventDetails?.name ?? ''),
  );
  const [from, to] = [time(closed), time(opened)];
  return from === undefined || to === undefined ? null : to - from;
}

export function durationMs(events: readonly HistoryEvent[]): number {
  return (time(events.at(-1)) ?? 0) - (time(events[0]) ?? 0);
}

const ENDED = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/;
export const hasEnded = (events: readonly HistoryEvent[]) => ENDED.test(events.at(-1)?.type ?? '');
