import { setTimeout } from 'node:timers/promises';
import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { hasEnded } from './history';

const POLL_MS = 250;
const PAGE = 100;

/** The events after `known`, oldest first: read from the end, so that a long history costs one page. */
async function newEvents(states: SFNClient, executionArn: string, known: number): Promise<HistoryEvent[]> {
  const found: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await states.send(
      new GetExecutionHistoryCommand({
        executionArn,
        reverseOrder: true,
        includeExecutionData: true,
        maxResults: PAGE,
        nextToken,
      }),
    );
    const fresh = (page.events ?? []).filter((event) => (event.id ?? 0) > known);
    found.push(...fresh);
    nextToken = fresh.length === page.events?.length ? page.nextToken : undefined;
  } while (nextToken);
  return found.reverse();
}

/** Starts an execution and follows it to its end; `tell` sees the history whenever it has grown. */
export async function execute(
  states: SFNClient,
  stateMachineArn: string,
  input: unknown,
  tell: (history: readonly HistoryEvent[]) => void,
): Promise<HistoryEvent[]> {
  const { executionArn = '' } = await states.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  const history: HistoryEvent[] = [];
  while (!hasEnded(history)) {
    const fresh = await newEvents(states, executionArn, history.at(-1)?.id ?? 0);
    history.push(...fresh);
    if (fresh.length > 0) tell(history);
    if (!hasEnded(history)) await setTimeout(POLL_MS);
  }
  return history;
}

/** The operator's sentence of each state, from the graph itself. */
export async function commentsOf(states: SFNClient, stateMachineArn: string): Promise<Map<string, string>> {
  const { definition = '{}' } = await states.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const { States = {} } = JSON.parse(definition) as { States?: Record<string, { Comment?: string }> };
  return new Map(Object.entries(States).map(([name, { Comment = '' }]) => [name, Comment]));
}
