import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { RedriveExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { rollbackName } from '../../src/domain/recovery/reconcile';
import type { World } from '../scenarios/world';

/** What an operator asks over the wire, as the command line does, whose environment knows one cloud per process. */
export interface Operator {
  start(name: string, request: object): Promise<string>;
  rollBack(deployment: string): Promise<unknown>;
  redrive(execution: string): Promise<unknown>;
  answer(
    deployment: string,
    question: 'approval' | 'rollback',
    answer: 'approve' | 'reject',
  ): Promise<unknown>;
  control(deployment: string, paused: boolean): Promise<unknown>;
  /** Healthy targets of a slot. */
  healthy(slot: 'a' | 'b'): Promise<number>;
}

/** Real time that a question may take to reach people. */
const ASKED_MS = 10_000;

export function operatorOf(world: World): Operator {
  const sfn = new SFNClient(world.aws);
  const db = new DynamoDBClient(world.aws);
  const elb = new ElasticLoadBalancingV2Client(world.aws);
  const { StateMachineArn: stateMachineArn, JournalTable } = world.cloud.outputs;

  async function start(name: string, request: object): Promise<string> {
    const input = JSON.stringify(request);
    const { executionArn = '' } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    return executionArn;
  }

  /** The link that people were sent last with a question of the deployment. */
  async function link(deployment: string, question: string): Promise<string | undefined> {
    const query = `deployment=${deployment}&question=${question}&`;
    for (const until = Date.now() + ASKED_MS; Date.now() < until; ) {
      const told = world.cloud.services.sns.recent().findLast(({ message }) => message.includes(query));
      const found = told && /http\S+$/.exec(told.message)?.[0];
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return undefined;
  }

  return {
    start,
    async rollBack(deploymentId) {
      const executions = await world.executions();
      const name = [1, 2, 3, 4, 5, 6, 7, 8]
        .map((attempt) => rollbackName(deploymentId, attempt))
        .find((one) => !executions.includes(one));
      const request = { resume: 'rollback', deploymentId, requestedBy: 'an operator', reason: 'a story' };
      return start(name ?? '', request);
    },
    redrive: (executionArn) => sfn.send(new RedriveExecutionCommand({ executionArn })),
    async answer(deployment, question, answer) {
      const asked = await link(deployment, question);
      const body = new URLSearchParams({ answer, by: 'ann', reason: 'a story' });
      if (asked) await (await fetch(asked, { method: 'POST', body })).text();
    },
    async control(deployment, paused) {
      const value = { paused, by: 'ann', reason: 'a story', at: new Date().toISOString() };
      const Item = {
        pk: { S: `deployment#${deployment}` },
        sk: { S: 'control' },
        value: { S: JSON.stringify(value) },
      };
      await db.send(new PutItemCommand({ TableName: JournalTable, Item }));
    },
    async healthy(slot) {
      const { targetGroup } = world.settings.slots[slot];
      const { TargetHealthDescriptions = [] } = await elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
      );
      return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').length;
    },
  };
}
