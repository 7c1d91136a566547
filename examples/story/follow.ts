import { setTimeout } from 'node:timers/promises';
import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
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

/** Starts an execution; its ARN. */
export async function start(states: SFNClient, stateMachineArn: string, input: unknown): Promise<string> {
  const { executionArn = '' } = await states.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return executionArn;
}

/** Waits for the execution that takes up a deployment whose own execution is over; its ARN. */
export async function recoveryOf(
  states: SFNClient,
  stateMachineArn: string,
  executionArn: string,
): Promise<string> {
  const name = `${executionArn.split(':').at(-1)}-recover-1`;
  for (;;) {
    const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
    const found = executions.find((execution) => execution.name === name);
    if (found?.executionArn) return found.executionArn;
    await setTimeout(POLL_MS);
  }
}

/** Follows an execution to its end; `tell` sees the history whenever it has grown. */
export async function follow(
  states: SFNClient,
  executionArn: string,
  tell: (history: readonly HistoryEvent[]) => void,
): Promise<HistoryEvent[]> {
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
