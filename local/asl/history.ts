import type { Clock } from '../clock';

/** One event as GetExecutionHistory gives it, its details under AWS's own key; `timestamp` in milliseconds. */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  type: string;
  timestamp: number;
  [details: string]: unknown;
}

/** One line of succession in the history: the machine, a branch, an iteration. */
export interface Thread {
  previous: number;
}

/** AWS ends an execution whose history is full; the last event is the failure itself. */
export const LONGEST_HISTORY = 25_000;

export class HistoryFull extends Error {
  override readonly name = 'HistoryFull';
}

/** Not truncated: what GetExecutionHistory says beside every payload. */
export const whole = { truncated: false };

/** The events of one execution, numbered from 1. */
export class History {
  readonly events: HistoryEvent[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly onEvent?: (event: HistoryEvent) => void,
  ) {}

  /**
   * Adds an event after the thread's last one and makes it the last.
   * @returns the event's id
   * @throws HistoryFull when only the final event of the execution still fits
   */
  record(type: string, thread: Thread, details?: Record<string, unknown>): number {
    const id = this.recordBeside(type, thread, details);
    thread.previous = id;
    return id;
  }

  /** Adds an event that no other event follows in its thread, as AWS records MapStateSucceeded. */
  recordBeside(type: string, thread: Thread, details?: Record<string, unknown>): number {
    if (this.events.length >= LONGEST_HISTORY - 1 && !type.startsWith('Execution')) throw new HistoryFull();
    const id = this.events.length + 1;
    const event = { id, previousEventId: thread.previous, type, timestamp: this.clock.now(), ...details };
    this.events.push(event);
    this.onEvent?.(event);
    return id;
  }
}
