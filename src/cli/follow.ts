import { DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';

/** How an execution of the workflow ended: in which of its ends, and what it says. */
export interface End {
  outcome: string;
  cause: string;
}

/** The names of the states that the execution has entered, the first first. */
async function entered(sfn: SFNClient, executionArn: string): Promise<string[]> {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({
        executionArn,
        nextToken,
        maxResults: 1000,
        includeExecutionData: false,
      }),
    );
    for (const { stateEnteredEventDetails } of page.events ?? [])
      if (stateEnteredEventDetails?.name) names.push(stateEnteredEventDetails.name);
    nextToken = page.nextToken;
  } while (nextToken);
  return names;
}

/** Choices and Waits are the graph's own business. */
const worthTelling = (state: string) => !state.endsWith('?') && !/^(WaitFor|Bake)/.test(state);

/** Follows an execution to its end; `tell` gets the name of each step as it is entered, a repeated one once. */
export async function follow(
  executionArn: string,
  tell: (state: string) => void,
  pollMs = 1000,
): Promise<End> {
  const sfn = new SFNClient({});
  let told = 0;
  let latest = '';
  try {
    for (;;) {
      const { status, error, cause, output } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      const names = (await entered(sfn, executionArn)).filter(worthTelling);
      for (const name of names.slice(told)) {
        if (name !== latest) tell(name);
        latest = name;
      }
      told = names.length;
      if (status === 'SUCCEEDED') return { outcome: JSON.parse(output ?? '{}').outcome ?? status, cause: '' };
      if (status !== 'RUNNING') return { outcome: error ?? status ?? 'unknown', cause: cause ?? '' };
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  } finally {
    sfn.destroy();
  }
}
