import type { ExecutionListItem, HistoryEvent } from '@aws-sdk/client-sfn';
import type { World } from '../scenarios/world';

/** An execution that has moved since somebody began to watch. */
export interface Seen {
  arn: string;
  name: string;
  running: boolean;
  /** When it ended, in cloud time. */
  stoppedAt: number;
  /** The states that it entered meanwhile. */
  path: string[];
}

export interface Watch {
  /** Looks again, and tells which states were entered since the last look, the first first. */
  look(): { state: string; execution: string }[];
  /** Everything that ran since `begin`. */
  seen(): Seen[];
  /** Forgets what there was. */
  begin(): void;
}

const PAGE = 20;

/**
 * Watches all executions from inside the cloud: asked over the wire as often as stories need it, Step Functions would cost
 * more than the deployments do.
 */
export function watch(world: World): Watch {
  const { operations } = world.cloud.services.states;
  const stateMachineArn = world.cloud.outputs.StateMachineArn;
  const read = new Map<string, number>();
  const over = new Set<string>();
  let moved = new Map<string, string[]>();

  const list = (): ExecutionListItem[] =>
    operations.ListExecutions!({ stateMachineArn, maxResults: 1000 }, { accessKeyId: 'local' }).executions;

  function freshOf(executionArn: string): HistoryEvent[] {
    const last = read.get(executionArn) ?? 0;
    const fresh: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = operations.GetExecutionHistory!(
        { executionArn, reverseOrder: true, maxResults: PAGE, includeExecutionData: false, nextToken },
        { accessKeyId: 'local' },
      );
      fresh.push(...page.events);
      nextToken = page.nextToken;
    } while (nextToken && (fresh.at(-1)?.id ?? 0) > last);
    const events = fresh.filter(({ id = 0 }) => id > last).reverse();
    read.set(executionArn, events.at(-1)?.id ?? last);
    return events;
  }

  function look() {
    return list()
      .reverse()
      .filter(({ executionArn = '', status }) => status === 'RUNNING' || !over.has(executionArn))
      .flatMap(({ executionArn: execution = '', status }) => {
        // what has ended is read once more, and again only after a redrive
        if (status === 'RUNNING') over.delete(execution);
        else over.add(execution);
        const states = freshOf(execution).flatMap(
          ({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? [],
        );
        if (states.length > 0) moved.set(execution, [...(moved.get(execution) ?? []), ...states]);
        return states.map((state) => ({ state, execution }));
      });
  }

  return {
    look,
    seen: () =>
      list().flatMap(({ executionArn: arn = '', name = '', status, stopDate }) => {
        const path = moved.get(arn);
        return path
          ? [{ arn, name, running: status === 'RUNNING', stoppedAt: stopDate?.getTime() ?? 0, path }]
          : [];
      }),
    begin() {
      look();
      moved = new Map();
    },
  };
}
