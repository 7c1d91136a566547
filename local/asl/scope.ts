import type { Clock } from '../clock';
import type { Branch, QueryLanguage } from './definition';
import type { History, Thread } from './history';
import type { PerformTask } from './perform-task';
import type { Progress } from './progress';
import type { TaskTokens } from './task-attempt';

/** What all states of an execution share. */
export interface Services {
  readonly clock: Clock;
  /** 0 to below 1, for jitter. */
  readonly random: () => number;
  readonly perform: PerformTask;
  readonly tokens: TaskTokens;
  /** The region of the execution, which TaskScheduled events name. */
  readonly region: string;
  /** Runs the states of a branch from its StartAt and gives the output of the last. */
  readonly runBranch: (branch: Branch, input: unknown, scope: Scope) => Promise<unknown>;
}

/** The item of the Map iteration a state runs in. */
export interface MapItem {
  Index: number;
  Value: unknown;
}

/** Where a state runs: the machine, a branch of a Parallel, an iteration of a Map. */
export interface Scope {
  readonly services: Services;
  readonly history: History;
  readonly thread: Thread;
  readonly progress: Progress;
  /** Variables readable here; Assign of a state of this scope replaces entries, inner scopes have a copy. */
  readonly variables: Record<string, unknown>;
  /** Aborted with an Interruption when nothing here may go on. */
  readonly signal: AbortSignal;
  /** The machine's language, for states that name none. */
  readonly queryLanguage: QueryLanguage;
  /** The parts of the context object that do not change within an execution. */
  readonly execution: {
    readonly Execution: Record<string, unknown>;
    readonly StateMachine: Record<string, unknown>;
  };
  readonly mapItem?: MapItem;
}

/** A scope inside another: it reads the outer variables, what it assigns stays in it. */
export function innerScope(outer: Scope, own: Pick<Scope, 'signal' | 'progress'> & Partial<Scope>): Scope {
  const { progress } = own;
  progress.variables ??= { ...outer.variables };
  return {
    ...outer,
    variables: progress.variables,
    thread: { previous: outer.thread.previous },
    ...own,
  };
}
