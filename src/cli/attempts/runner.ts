import type { Migration } from '../../domain/migrations/types';

/** How a run of the migrations ended. */
export interface Ended {
  ok: boolean;
  /** What it printed, or PostgreSQL's error. */
  output: string;
  /** The migration that failed and the line of its file, where whoever ran it knows. */
  failed?: { id: string; line?: number };
}

/** A run under way. */
export interface Run {
  ended: Promise<Ended>;
  /** At once and without a word, as when a container is killed. */
  kill(): Promise<void>;
}

/** What applies migrations and takes them back: the user's own tool, or, where SQL is plain, this program. */
export interface Runner {
  /** Whether the first `count` migrations can be run without the others. */
  isApart(count: number): boolean;
  /** Applies what is pending of the first `count` migrations. */
  up(database: string, count: number): Promise<Run>;
  /** Takes back the given ones, newest first, so that `keep` is the newest left; null for none. */
  down(
    database: string,
    newestFirst: readonly Migration[],
    keep: string | null,
    count: number,
  ): Promise<Run | { cannot: string }>;
  /** Removes what it has made on this machine. */
  end(): Promise<void>;
}
