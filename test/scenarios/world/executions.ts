import { randomUUID } from 'node:crypto';
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Invocation } from '../../../local/service';
import { mustBeDeclared } from '../declared';
import { type Ground, until } from './ground';
import type { Records } from './records';

/** How a deployment ended: the state it ended in, what it says, and the states it entered. */
export interface Ended {
  outcome: string;
  cause: string;
  /** Where its report is, as the cause or the output ends with; empty where they do not say. */
  report: string;
  /** What a success gives. */
  output: unknown;
  path: string[];
  events: HistoryEvent[];
  name: string;
}

/** Deployments as Step Functions runs them. */
export interface Executions {
  deploy(request: Record<string, unknown>, name?: string): Promise<Ended>;
  start(request: unknown, name?: string): Promise<string>;
  ended(execution: string): Promise<Ended>;
  /** Ends the execution from outside, as the console does: nothing of the graph runs any more. */
  stop(execution: string): Promise<void>;
  /** What people were asked last by the deployment, and the link that answers it; undefined when it ended without asking. */
  asked(execution: string): Promise<{ subject: string; text: string; link: string } | undefined>;
  /** The states that the execution has entered so far. */
  path(execution: string): Promise<string[]>;
  /** Resolves once the execution has entered a state; false when it ended without. */
  entered(execution: string, state: string): Promise<boolean>;
  /**
   * Starts a deployment and stops its execution in a state of the graph: before a step has done anything, or after its
   * effect, when only the execution does not know of it. Resolves with the deployment's name.
   */
  abandon(
    request: Record<string, unknown>,
    at: { state: string; when?: 'before' | 'after' },
  ): Promise<string>;
  /** ARN of an execution by its name. */
  execution(name: string): string;
  /** Redrives an execution that has ended, and resolves with how it ended then. */
  redrive(execution: string): Promise<Ended>;
  /** Names of all executions. */
  executions(): Promise<string[]>;
  /** Resolves with the ARN of the execution of this name once it has begun. */
  begun(name: string): Promise<string>;
  /** Resolves with the end of the execution of this name, which may not have begun yet. */
  endOf(name: string): Promise<Ended>;
  /** Calls a function that stands beside the graph, as its schedule does. */
  wake(name: 'Reconcile' | 'RetirePrevious'): Promise<Invocation>;
  /** Asks for the previous version a deployment, and resolves with how that ended. */
  rollBack(deployment: string): Promise<Ended>;
}

/** How long a step is held, in cloud time, so that a stop meets it. */
const HELD_MS = 60_000;

const pathOf = (events: HistoryEvent[]) =>
  events.flatMap(({ stateEnteredEventDetails }) =>
    stateEnteredEventDetails ? [stateEnteredEventDetails.name ?? ''] : [],
  );

const freshName = () => `t-${randomUUID().slice(0, 8)}`;

export function executionsOf(
  { cloud, machine, settings, clients: { sfn } }: Ground,
  journal: Records['journal'],
): Executions {
  async function historyOf(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken }),
      );
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    return events;
  }

  const over = async (executionArn: string) => {
    try {
      const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return status !== 'RUNNING' || undefined;
    } catch (error) {
      // it may be shown later than it was started
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  };

  const all: Executions = {
    async start(request, name = freshName()) {
      const { executionArn } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn: machine, name, input: JSON.stringify(request) }),
      );
      return executionArn ?? '';
    },
    async ended(executionArn) {
      await until(() => over(executionArn));
      await cloud.settled();
      const events = await historyOf(executionArn);
      const path = pathOf(events);
      const said = events.at(-1)?.executionFailedEventDetails?.cause ?? '';
      const [cause = '', reported] = said.split('\nreport: ');
      const output = JSON.parse(events.at(-1)?.executionSucceededEventDetails?.output ?? 'null');
      const report = reported ?? output?.report ?? '';
      const name = executionArn.split(':').at(-1) ?? '';
      mustBeDeclared(await journal(name));
      return { outcome: path.at(-1) ?? '', cause, report, output, path, events, name };
    },
    async deploy(request, name) {
      return all.ended(await all.start({ service: settings.service, reason: 'a test', ...request }, name));
    },
    async stop(executionArn) {
      await sfn.send(new StopExecutionCommand({ executionArn }));
    },
    async asked(executionArn) {
      const command = `greenlight approve ${executionArn.split(':').at(-1)} `;
      const told = () => cloud.services.sns.recent().findLast(({ message }) => message.includes(command));
      const ended = await until(async () =>
        told() ? { ended: false } : (await over(executionArn)) && { ended: true },
      );
      if (ended.ended) return undefined;
      const { subject = '', message: text = '' } = told() ?? {};
      return { subject, text, link: /http\S+$/.exec(text)?.[0] ?? '' };
    },
    path: async (execution) => pathOf(await historyOf(execution)),
    entered: (execution, state) =>
      until(async () => (await all.path(execution)).includes(state) || ((await over(execution)) && false)),
    async abandon(request, { state, when = 'before' }) {
      const name = freshName();
      // a step that acts checks the fence first; an answer is held back after the effect and its row
      const target = `Greenlight${state}`;
      cloud.faults.add(
        when === 'before'
          ? { operation: 'dynamodb:UpdateItem', kind: 'slow', delayMs: HELD_MS, role: target, times: 1 }
          : { operation: 'lambda:Invoke', kind: 'slow', delayMs: HELD_MS, target, times: 1 },
      );
      const execution = await all.start({ service: settings.service, reason: 'a test', ...request }, name);
      if (!(await all.entered(execution, state))) throw new Error(`${name} never entered ${state}`);
      if (when === 'after') await new Promise((resolve) => setTimeout(resolve, 1000));
      await all.stop(execution);
      return name;
    },
    execution: (name) => `${machine.replace(':stateMachine:', ':execution:')}:${name}`,
    async redrive(executionArn) {
      await sfn.send(new RedriveExecutionCommand({ executionArn }));
      return all.ended(executionArn);
    },
    async executions() {
      const { executions = [] } = await sfn.send(
        new ListExecutionsCommand({ stateMachineArn: machine, maxResults: 1000 }),
      );
      return executions.map(({ name }) => name ?? '');
    },
    async begun(name) {
      const executionArn = all.execution(name);
      await until(() =>
        sfn.send(new DescribeExecutionCommand({ executionArn })).then(
          () => true,
          () => undefined,
        ),
      );
      return executionArn;
    },
    endOf: async (name) => all.ended(await all.begun(name)),
    async wake(name) {
      const found = [...cloud.services.lambda.functions.values()].find((fn) =>
        fn.name.includes(`Greenlight${name}`),
      );
      return cloud.services.lambda.invoke(found!.arn, {});
    },
    async rollBack(deploymentId) {
      const request = { resume: 'rollback', deploymentId, requestedBy: 'an operator', reason: 'a test' };
      return all.ended(await all.start(request));
    },
  };
  return all;
}
