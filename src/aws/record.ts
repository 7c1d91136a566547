import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { definePort } from '../domain/port';
import type { Slot } from '../domain/settings';
import type { Weights } from '../domain/weights';

/**
 * What the workflow knows of a service between deployments: which slot is live, and which weights it set last.
 * With a split other than 0/100 nobody can tell blue from green by looking, so the live slot comes from here.
 */
export interface Live {
  slot: Slot;
  /** Set on the rule and read back. */
  weights: Weights;
  /** About to be set when the writer was interrupted; the rule shows either these or `weights`. */
  intended?: Weights;
  taskDefinition?: string;
  image?: string;
}

export interface RecordReader {
  read(service: string): Promise<Live | undefined>;
}
export interface RecordWriter {
  write(service: string, live: Live): Promise<void>;
}

const key = (service: string) => ({ pk: { S: `service#${service}` }, sk: { S: 'live' } });

export const recordReader = definePort<RecordReader>({
  grants: [{ sid: 'ReadRecord', actions: ['dynamodb:GetItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async read(service) {
        const { Item } = await db.send(
          new GetItemCommand({ TableName: table, Key: key(service), ConsistentRead: true }),
        );
        return Item?.value?.S === undefined ? undefined : (JSON.parse(Item.value.S) as Live);
      },
    };
  },
});

export const recordWriter = definePort<RecordWriter>({
  grants: [{ sid: 'WriteRecord', actions: ['dynamodb:PutItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async write(service, live) {
        await db.send(
          new PutItemCommand({
            TableName: table,
            Item: { ...key(service), value: { S: JSON.stringify(live) } },
          }),
        );
      },
    };
  },
});
