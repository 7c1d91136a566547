import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { StateMachineDefinition } from '../../local/asl';

/** What a recorded Lambda function does with its event. */
export type RecordedLambda =
  | { kind: 'identity' }
  | { kind: 'return'; value: unknown }
  | { kind: 'throw'; errorType: string; errorMessage: string }
  | { kind: 'repeat'; char: string; count: number }
  | { kind: 'sleep'; seconds: number };

/** One execution as it was recorded: the machine, its input and functions, and what came of it. */
export interface Recording {
  /** `test#case`; executions of one test share the part before `#`. */
  id: string;
  folder: string;
  definition: StateMachineDefinition;
  input: unknown;
  lambdas?: Record<string, RecordedLambda>;
  expectedHistory?: RecordedEvent[];
  expected?: { status: string; output?: unknown; error?: string };
}

export interface RecordedEvent {
  type: string;
  stateEnteredEventDetails?: { name: string };
  executionSucceededEventDetails?: { output?: unknown };
  executionFailedEventDetails?: { error?: string };
}

/** How an execution ended, recorded or run; `states` in the order they were entered, when that is known. */
export interface Ending {
  status: string;
  output?: unknown;
  error?: string;
  states?: string[];
}

/** Reads a gzipped file with one JSON object per line. */
export function readLines<Line = Recording>(file: string): Line[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
}

export const testOf = ({ id }: Recording) => id.split('#', 1)[0]!;

export const statesEntered = (events: readonly { [key: string]: unknown }[]): string[] =>
  events.flatMap((event) => (event as unknown as RecordedEvent).stateEnteredEventDetails?.name ?? []);

/** How the recorded execution ended. */
export function recordedEnding({ expected, expectedHistory }: Recording): Ending {
  if (!expectedHistory) return { status: 'UNKNOWN', ...expected };
  const last = expectedHistory.at(-1)!;
  return {
    status: last.type.replace('Execution', '').replace('TimedOut', 'TIMED_OUT').toUpperCase(),
    output: last.executionSucceededEventDetails?.output,
    error: last.executionFailedEventDetails?.error,
    states: statesEntered(expectedHistory as never),
  };
}
