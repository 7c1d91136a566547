import {
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { redacted, redaction } from '../domain/privacy/redaction';
import type { ExecutionState } from '../domain/recovery/reconcile';
import type { HistoryEvent } from '../domain/report/way';
import type { Environment, Port } from '../domain/step/port';

export interface ExecutionReader {
  state(execution: string): Promise<ExecutionState>;
}
/** How an execution of the workflow stands. */
export interface Execution {
  /** As Step Functions has it: RUNNING, SUCCEEDED, … */
  status: string;
  running: boolean;
  /** How it ended: in which of the graph's ends, or by which error; its status where it says nothing, and while it runs. */
  outcome: string;
  /** Empty where it says nothing. */
  cause: string;
}
export interface ExecutionDetails {
  /** Undefined for one that Step Functions does not know, or not any more. */
  of(execution: string): Promise<Execution | undefined>;
}
export interface ExecutionInputs {
  /** What it was started with; undefined for one that Step Functions does not know, or not any more. */
  of(execution: string): Promise<unknown>;
}
export interface ExecutionStarter {
  /** ARN that an execution of this name has, whether or not there is one. */
  arnOf(name: string): string;
  /** The same name and input twice is one execution; a name that is taken otherwise is left alone. */
  start(name: string, input: unknown): Promise<void>;
}
export interface ExecutionStopper {
  /** Stopping one that has ended changes nothing. */
  stop(execution: string, cause: string): Promise<void>;
}

const isUnknown = (error: unknown) => ['ExecutionDoesNotExist', 'InvalidArn'].includes((error as Error).name);
/** A redrive that is asked for and not begun counts: nothing has ended. */
const isRunning = (status: string) => status === 'RUNNING' || status === 'PENDING_REDRIVE';

/** ARN that an execution of this name has, whether or not there is one. */
export const executionArn = ({ stateMachine }: Pick<Environment, 'stateMachine'>, name: string): string =>
  `${stateMachine.replace(':stateMachine:', ':execution:')}:${name}`;

/** Step Functions forgets executions 90 days after their end. Source: AWS Step Functions Developer Guide, quotas. */
export const executionReader: Port<ExecutionReader> = {
  grants: [{ sid: 'ReadExecutions', actions: ['states:DescribeExecution'], on: ['executions'] }],
  open() {
    const sfn = new SFNClient({});
    return {
      async state(executionArn) {
        try {
          const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
          return isRunning(status ?? '') ? 'running' : 'over';
        } catch (error) {
          if (isUnknown(error)) return 'unknown';
          throw error;
        }
      },
    };
  },
};

export const executionDetails: Port<ExecutionDetails> = {
  grants: [{ sid: 'ReadExecutions', actions: ['states:DescribeExecution'], on: ['executions'] }],
  open() {
    const sfn = new SFNClient({});
    return {
      async of(executionArn) {
        try {
          const {
            status = '',
            output,
            error,
            cause,
          } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
          const outcome = output === undefined ? error : (JSON.parse(output).outcome as string | undefined);
          return { status, running: isRunning(status), outcome: outcome ?? status, cause: cause ?? '' };
        } catch (error) {
          if (isUnknown(error)) return undefined;
          throw error;
        }
      },
    };
  },
};

export const executionInputs: Port<ExecutionInputs> = {
  grants: [{ sid: 'ReadExecutions', actions: ['states:DescribeExecution'], on: ['executions'] }],
  open() {
    const sfn = new SFNClient({});
    return {
      async of(executionArn) {
        try {
          const { input = 'null' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
          return JSON.parse(input);
        } catch (error) {
          if (isUnknown(error)) return undefined;
          throw error;
        }
      },
    };
  },
};

export const executionStarter: Port<ExecutionStarter> = {
  grants: [{ sid: 'StartExecutions', actions: ['states:StartExecution'], on: ['stateMachine'] }],
  open({ stateMachine, redact }) {
    const sfn = new SFNClient({});
    return {
      arnOf: (name) => executionArn({ stateMachine }, name),
      async start(name, input) {
        try {
          await sfn.send(
            new StartExecutionCommand({
              ...{ stateMachineArn: stateMachine, name },
              input: JSON.stringify(redacted(input, redaction(redact))),
            }),
          );
        } catch (error) {
          if ((error as Error).name !== 'ExecutionAlreadyExists') throw error;
        }
      },
    };
  },
};

export const executionStopper: Port<ExecutionStopper> = {
  grants: [{ sid: 'StopExecutions', actions: ['states:StopExecution'], on: ['executions'] }],
  open() {
    const sfn = new SFNClient({});
    return {
      async stop(executionArn, cause) {
        await sfn.send(
          new StopExecutionCommand({ executionArn, error: 'Resumed', cause: cause.slice(0, 1000) }),
        );
      },
    };
  },
};

/** An execution as a list of them has it. */
export interface ListedExecution {
  name: string;
  startedAt: string;
  status: string;
}
export interface ExecutionLister {
  /**
   * The executions of the workflow, or those that run, the newest first; pages are asked for as they are needed, of 100 unless
   * said.
   */
  newest(pageSize?: number, status?: 'RUNNING'): AsyncIterable<ListedExecution>;
}

export const executionLister: Port<ExecutionLister> = {
  grants: [{ sid: 'ListExecutions', actions: ['states:ListExecutions'], on: ['stateMachine'] }],
  open({ stateMachine: stateMachineArn }) {
    const client = new SFNClient({});
    return {
      async *newest(pageSize, statusFilter) {
        for await (const { executions = [] } of paginateListExecutions(
          { client, pageSize },
          { stateMachineArn, statusFilter },
        ))
          for (const { name = '', startDate, status = '' } of executions)
            yield { name, startedAt: startDate?.toISOString() ?? '', status };
      },
    };
  },
};

/** What an execution runs, and what has happened in it. */
export interface ExecutionTrace {
  /** In States Language, as it was when the execution began. */
  definition: string;
  /** The oldest first. */
  events: HistoryEvent[];
  running: boolean;
}
export interface ExecutionTracer {
  /** Undefined for one that Step Functions does not know, or not any more. */
  of(execution: string): Promise<ExecutionTrace | undefined>;
  /** What has happened since the event of that number, the oldest first; asks for no more than is new. */
  since(execution: string, known: number): Promise<HistoryEvent[]>;
}

/** The largest page of a history. Source: AWS Step Functions API Reference, GetExecutionHistory. */
const MOST_EVENTS = 1000;
/** More than happen from one look to the next. */
const NEWS = 25;

export const executionTracer: Port<ExecutionTracer> = {
  grants: [
    {
      sid: 'TraceExecutions',
      actions: [
        'states:DescribeExecution',
        'states:DescribeStateMachineForExecution',
        'states:GetExecutionHistory',
      ],
      on: ['executions'],
    },
  ],
  open() {
    const client = new SFNClient({});
    /** The newest first, as far back as an event that is known. */
    async function since(executionArn: string, known: number, pageSize: number): Promise<HistoryEvent[]> {
      const found: HistoryEvent[] = [];
      const pages = paginateGetExecutionHistory(
        { client, pageSize },
        { executionArn, includeExecutionData: false, reverseOrder: true },
      );
      for await (const { events = [] } of pages)
        for (const { id = 0, type = '', stateEnteredEventDetails, stateExitedEventDetails } of events) {
          if (id <= known) return found.reverse();
          // what has happened meanwhile moves the pages on
          if (id < (found.at(-1)?.id ?? Number.POSITIVE_INFINITY))
            found.push({ id, type, state: (stateEnteredEventDetails ?? stateExitedEventDetails)?.name });
        }
      return found.reverse();
    }
    return {
      since: (execution, known) => since(execution, known, NEWS),
      async of(executionArn) {
        try {
          const [{ status = '' }, { definition = '' }] = await Promise.all([
            client.send(new DescribeExecutionCommand({ executionArn })),
            client.send(new DescribeStateMachineForExecutionCommand({ executionArn })),
          ]);
          const events = await since(executionArn, 0, MOST_EVENTS);
          return { definition, events, running: isRunning(status) };
        } catch (error) {
          if (isUnknown(error)) return undefined;
          throw error;
        }
      },
    };
  },
};
