import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { LockLost, TransientFault } from '../domain/step/errors';
import type { Port } from '../domain/step/port';
import { releasing, updateOf } from './lock-row';
import { type Live, readRecord, recordKey } from './record';
import { attributes } from './table';

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
                    Item: attributes({ ...recordKey(service), value: JSON.stringify(live) }),
                  },
                },
                { Update: updateOf(table, service, releasing(live.deployment, execution)) },
              ],
            }),
          );
        } catch (error) {
          if ((error as Error).name !== 'TransactionCanceledException') throw error;
          if ((await readRecord(db, table, service))?.deployment === live.deployment) return;
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
