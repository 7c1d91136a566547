import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { FunctionSeen } from '../domain/doctor/workflow';
import type { Port } from '../domain/step/port';

export interface FunctionExaminer {
  /** The functions that the workflow's graph calls, each once. */
  all(): Promise<FunctionSeen[]>;
}

/** As the graph names them: by the version that an execution keeps. */
const CALLED = /arn:aws[\w-]*:lambda:[\w-]+:\d+:function:[\w-]+(?::[\w$-]+)?/g;
/** Lambda answers 100 such calls in a second and an account. Source: AWS Lambda Developer Guide, quotas. */
const AT_ONCE = 10;

export const functionExaminer: Port<FunctionExaminer> = {
  grants: [
    { sid: 'ReadGraph', actions: ['states:DescribeStateMachine'], on: ['stateMachine'] },
    { sid: 'ReadFunctions', actions: ['lambda:GetFunctionConfiguration'], on: '*' },
  ],
  open({ stateMachine: stateMachineArn }) {
    const sfn = new SFNClient({});
    const lambda = new LambdaClient({});
    async function look(arn: string): Promise<FunctionSeen> {
      try {
        const {
          State: state = 'Active',
          StateReason: reason = '',
          LastUpdateStatus: lastUpdate = '',
        } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: arn }));
        return { arn, state: { state, reason, lastUpdate } };
      } catch (error) {
        if ((error as Error).name === 'ResourceNotFoundException') return { arn, state: undefined };
        throw error;
      }
    }
    return {
      async all() {
        const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
        const arns = [...new Set(definition.match(CALLED))];
        const seen: FunctionSeen[] = [];
        while (arns.length > 0) seen.push(...(await Promise.all(arns.splice(0, AT_ONCE).map(look))));
        return seen;
      },
    };
  },
};
