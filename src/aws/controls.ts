import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Port } from '../domain/step/port';
import type { Control } from '../domain/traffic/pause';

/** What operators ask of running deployments: one row each, the newest wins. Keys: `pk` = `deployment#<id>`, `sk` = `control`. */
export interface ControlReader {
  read(deployment: string): Promise<Control | undefined>;
}
export interface ControlWriter {
  write(deployment: string, control: Control): Promise<void>;
}

const key = (deployment: string) => ({ pk: { S: `deployment#${deployment}` }, sk: { S: 'control' } });

export const controlReader: Port<ControlReader> = {
  grants: [{ sid: 'ReadControl', actions: ['dynamodb:GetItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async read(deployment) {
        const { Item } = await db.send(
          new GetItemCommand({ TableName: table, Key: key(deployment), ConsistentRead: true }),
        );
        return Item?.value?.S === undefined ? undefined : (JSON.parse(Item.value.S) as Control);
      },
    };
  },
};

export const controlWriter: Port<ControlWriter> = {
  grants: [{ sid: 'WriteControl', actions: ['dynamodb:PutItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async write(deployment, control) {
        const Item = { ...key(deployment), value: { S: JSON.stringify(control) } };
        await db.send(new PutItemCommand({ TableName: table, Item }));
      },
    };
  },
};
