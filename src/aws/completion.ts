import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { LockLost, TransientFault } from '../domain/step/errors';
import type { Port } from '../domain/step/port';
import { lockKey } from './lock-row';
import { type Live, recordKey } from './record';

export interface Completion {
  /**
   * Records what serves and frees the lock, both or neither, so that nobody starts from an old record and nobody who has
   * lost the lock writes one. Again after success it changes nothing. Throws LockLost.
   */
  complete(service: string, live: Live & { deployment: string }, execution: string): Promise<void>;
}

export const completion: Port<Completion> = {
  grants: [
    {
      sid: 'Complete',
      actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
      on: ['table'],
    },
    { sid: 'ReadRecord', actions: ['dynamodb:GetItem'], on: ['table'] },
  ],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async complete(service, live, execution) {
        try {
          await db.send(
            new TransactWriteItemsCommand({
              TransactItems: [
                {
                  Put: {
                    TableName: table,
                    Item: { ...recordKey(service), value: { S: JSON.stringify(live) } },
                  },
                },
                {
                  Update: {
                    TableName: table,
                    Key: lockKey(service),
                    UpdateExpression: 'REMOVE holder, expires',
                    ConditionExpression: 'holder = :me AND execution = :execution',
                    ExpressionAttributeValues: {
                      ':me': { S: live.deployment },
                      ':execution': { S: execution },
                    },
                  },
                },
              ],
            }),
          );
        } catch (error) {
          if ((error as Error).name !== 'TransactionCanceledException') throw error;
          const { Item } = await db.send(
            new GetItemCommand({ TableName: table, Key: recordKey(service), ConsistentRead: true }),
          );
          const recorded = JSON.parse(Item?.value?.S ?? '{}') as Partial<Live>;
          if (recorded.deployment === live.deployment) return;
          // a renewal of the lease at the same moment cancels this one too
          if (conflict(error)) throw new TransientFault((error as Error).message);
          throw new LockLost(`deployment ${live.deployment} no longer holds the lock of ${service}`);
        }
      },
    };
  },
};

const conflict = (error: unknown) =>
  (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons?.some(
    ({ Code }) => Code === 'TransactionConflict',
  );
