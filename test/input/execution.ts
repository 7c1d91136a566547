import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { World } from '../scenarios/world';
import type { Answer } from './parser';

/** A door of the workflow: says what came of a text; `name` is the execution's where the sender gives it one. */
export type Door = (text: string, name: string) => Promise<Answer>;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How an execution ended, once it has. */
export async function answerOf(sfn: SFNClient, executionArn: string): Promise<Answer> {
  for (;;) {
    const { status = '', error, cause = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return { rejected: undefined, problems: [] };
    if (status !== 'RUNNING')
      return {
        rejected: cause.replace(/\nreport: \S+$/, ''),
        problems: error === 'DeploymentRejected' ? [] : [`ended in ${status} ${error}`],
      };
    await pause(20);
  }
}

/** StartExecution over the wire, as any client calls it. */
export function executionDoor(world: World): Door {
  const sfn = new SFNClient(world.aws);
  const stateMachineArn = world.cloud.outputs.StateMachineArn;
  return async (input, execution) => {
    try {
      const { executionArn = '' } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn, name: execution, input }),
      );
      return await answerOf(sfn, executionArn);
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== 'InvalidExecutionInput') throw error;
      return { rejected: message, refused: true, problems: [] };
    }
  };
}
