import { InvalidOutput, type SFN, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn';
import type { Operations } from '../../service';
import type { ExecutionRecord } from './execution-record';

const $metadata = {};

function json(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    throw new InvalidOutput({ message: `Invalid Output: '${output}'`, $metadata });
  }
}

type Callbacks = Pick<Operations<SFN>, 'SendTaskSuccess' | 'SendTaskFailure' | 'SendTaskHeartbeat'>;

/** Answers to `.waitForTaskToken` tasks: `issued` are all tokens that were ever given out. */
export function taskTokenOperations(
  executions: () => Iterable<ExecutionRecord>,
  issued: Pick<ReadonlyMap<string, string>, 'has'>,
): Callbacks {
  function deliver(token: string, send: (record: ExecutionRecord) => boolean): Record<string, never> {
    for (const record of executions()) if (send(record)) return {};
    if (!issued.has(token)) {
      throw new TaskDoesNotExist({ message: `Task Does Not Exist: '${token}'`, $metadata });
    }
    throw new TaskTimedOut({ message: `Task Timed Out: 'Provided task does not exist anymore'`, $metadata });
  }

  return {
    SendTaskSuccess({ taskToken: token = '', output = '' }) {
      const result = json(output);
      return deliver(token, ({ execution }) => execution.sendTaskSuccess(token, result));
    },
    SendTaskFailure: ({ taskToken: token = '', error, cause }) =>
      deliver(token, ({ execution }) => execution.sendTaskFailure(token, error, cause)),
    SendTaskHeartbeat: ({ taskToken: token = '' }) =>
      deliver(token, ({ execution }) => execution.sendTaskHeartbeat(token)),
  };
}
