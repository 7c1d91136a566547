import type { GetExecutionHistoryInput, GetExecutionHistoryOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import type { HistoryEvent as Recorded } from '../../asl';
import { page } from './pages';

const withoutData = (details: unknown): unknown => {
  if (details === null || typeof details !== 'object') return details;
  return Object.fromEntries(Object.entries(details).filter(([key]) => key !== 'input' && key !== 'output'));
};

function shown({ timestamp, ...event }: Recorded, includeData: boolean): HistoryEvent {
  const members = Object.entries(event).map(([key, value]) => [
    key,
    includeData ? value : withoutData(value),
  ]);
  return { ...Object.fromEntries(members), timestamp: new Date(timestamp) };
}

/** GetExecutionHistory of what has been recorded so far. */
export function historyPage(
  recorded: readonly Recorded[],
  request: GetExecutionHistoryInput,
): Omit<GetExecutionHistoryOutput, '$metadata'> {
  const ordered = request.reverseOrder ? [...recorded].reverse() : recorded;
  const { items, nextToken } = page(ordered, request);
  return { events: items.map((event) => shown(event, request.includeExecutionData !== false)), nextToken };
}
