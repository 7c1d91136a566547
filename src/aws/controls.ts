import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Port } from '../domain/step/port';
import type { Control } from '../domain/traffic/pause';
import { ofDeployment, readItem, writeItem } from './table';

/** What operators ask of running deployments: one row each, the newest wins. Keys: `pk` = `deployment#<id>`, `sk` = `control`. */
export interface ControlReader {
  read(deployment: string): Promise<Control | undefined>;
}
export interface ControlWriter {
  write(deployment: string, control: Control): Promise<void>;
}

const keyOf = (deployment: string) => ofDeployment(deployment, 'control');

export const controlReader: Port<ControlReader> = {
  grants: [{ sid: 'ReadControl', actions: ['dynamodb:GetItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async read(deployment) {
        const item = await readItem(db, table, keyOf(deployment));
        return item && (JSON.parse(String(item.value)) as Control);
      },
    };
  },
};

export const controlWriter: Port<ControlWriter> = {
  grants: [{ sid: 'WriteControl', actions: ['dynamodb:PutItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      write: (deployment, control) =>
        writeItem(db, table, keyOf(deployment), { value: JSON.stringify(control) }),
    };
  },
};
