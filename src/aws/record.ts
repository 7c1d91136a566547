import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Slot } from '../domain/settings/choices';
import type { Port } from '../domain/step/port';
import type { Drain } from '../domain/traffic/streams';
import type { Weights } from '../domain/traffic/weights';
import type { WorkersLeft } from '../domain/workers/drift';
import { ofService, readItem, writeItem } from './table';

/**
 * What the workflow knows of a service between deployments: which slot is live, and which weights it set last.
 * With a split other than 0/100 nobody can tell blue from green by looking, so the live slot comes from here.
 */
export interface Live {
  slot: Slot;
  /** Set on the rule and read back. */
  weights: Weights;
  /**
   * How many tasks all users needed when the weights were last set or a slot was last scaled for them, or have now that one
   * slot serves; absent where nobody knows.
   */
  tasks?: number;
  /** The minimum capacity of the service's scalable targets while it is closed, when no slot has it. */
  minimum?: number;
  /** About to be set when the writer was interrupted; the rule shows either these or `weights`. */
  intended?: Weights;
  taskDefinition?: string;
  image?: string;
  /** Since when users get the maintenance page, in ISO 8601; absent while the service is open. */
  closedAt?: string;
  /** The deployment that released this version; absent after a rollback. */
  deployment?: string;
  /** When it did, in ISO 8601. */
  releasedAt?: string;
  /** Since when no other version has answered from its slot, in ISO 8601; absent where nobody knows. */
  aloneSince?: string;
  /** Until when the previous version keeps running for a quick rollback, in ISO 8601; absent once it was stopped. */
  warmUntil?: string;
  /** How its tasks began to be ended while streams on them were open; absent before and after. */
  draining?: Drain;
  /** What people were told that is not as recorded; absent while all is. */
  told?: string;
}

/** What a service has no more once users get a version again. */
export const OPEN = { intended: undefined, closedAt: undefined, minimum: undefined } satisfies Partial<Live>;

/** What is recorded once a deployment is undone: what was before it; also when it had been released already. */
export function withoutDeployment(
  recorded: Live,
  deployment: string,
  blue: { slot: Slot; taskDefinition: string; image: string | null },
  { weights, tasks }: Pick<Live, 'weights' | 'tasks'>,
): Live {
  const { slot, taskDefinition, image } = blue;
  return recorded.deployment === deployment
    ? { slot, weights, tasks, taskDefinition, image: image ?? undefined }
    : { ...recorded, ...OPEN, slot, weights, tasks };
}

export interface RecordReader {
  read(service: string): Promise<Live | undefined>;
}
export interface RecordWriter {
  write(service: string, live: Live): Promise<void>;
}

export const recordKey = (service: string) => ofService(service, 'live');

export async function readRecord(
  db: DynamoDBClient,
  table: string,
  service: string,
): Promise<Live | undefined> {
  const item = await readItem(db, table, recordKey(service));
  return item && (JSON.parse(String(item.value)) as Live);
}

export const recordReader: Port<RecordReader> = {
  grants: [{ sid: 'ReadRecord', actions: ['dynamodb:GetItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return { read: (service) => readRecord(db, table, service) };
  },
};

export const recordWriter: Port<RecordWriter> = {
  grants: [{ sid: 'WriteRecord', actions: ['dynamodb:PutItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      write: (service, live) => writeItem(db, table, recordKey(service), { value: JSON.stringify(live) }),
    };
  },
};

/** What is known of a service's workers between deployments: a row of its own, which the slots' record leaves alone. */
export interface WorkersRecord {
  left: WorkersLeft;
  /** What people were told that is not as recorded; absent while all is. */
  told?: string;
}
export interface WorkerRecord {
  /** Undefined before the first release that has moved one. */
  read(service: string): Promise<WorkersRecord | undefined>;
  write(service: string, record: WorkersRecord): Promise<void>;
}

const workersKey = (service: string) => ofService(service, 'workers');

export const workerRecord: Port<WorkerRecord> = {
  grants: [
    { sid: 'ReadRecord', actions: ['dynamodb:GetItem'], on: ['table'] },
    { sid: 'WriteRecord', actions: ['dynamodb:PutItem'], on: ['table'] },
  ],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async read(service) {
        const item = await readItem(db, table, workersKey(service));
        return item && (JSON.parse(String(item.value)) as WorkersRecord);
      },
      write: (service, record) =>
        writeItem(db, table, workersKey(service), { value: JSON.stringify(record) }),
    };
  },
};

/** How long users got the maintenance page the last time that a release was completed behind it. */
export interface LastWindow {
  /** In seconds; undefined before the first time. */
  read(service: string): Promise<number | undefined>;
  write(service: string, seconds: number): Promise<void>;
}

const windowKey = (service: string) => ofService(service, 'window');

export const lastWindow: Port<LastWindow> = {
  grants: [
    { sid: 'ReadRecord', actions: ['dynamodb:GetItem'], on: ['table'] },
    { sid: 'WriteRecord', actions: ['dynamodb:PutItem'], on: ['table'] },
  ],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async read(service) {
        const item = await readItem(db, table, windowKey(service));
        return item && Number(item.seconds);
      },
      write: (service, seconds) => writeItem(db, table, windowKey(service), { seconds }),
    };
  },
};

/**
 * Which database serves, once a restore has taken the place of the one in the settings. A row of its own, that
 * stays when somebody deletes the record of the weights.
 */
export interface ServingDatabase {
  /** Undefined while it is the one in the settings. */
  read(service: string): Promise<string | undefined>;
}
export interface DatabaseRecorder {
  write(service: string, instance: string): Promise<void>;
}

const databaseKey = (service: string) => ofService(service, 'database');

export const servingDatabase: Port<ServingDatabase> = {
  grants: [{ sid: 'ReadRecord', actions: ['dynamodb:GetItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async read(service) {
        const item = await readItem(db, table, databaseKey(service));
        return item && String(item.instance);
      },
    };
  },
};

export const databaseRecorder: Port<DatabaseRecorder> = {
  grants: [{ sid: 'WriteRecord', actions: ['dynamodb:PutItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return { write: (service, instance) => writeItem(db, table, databaseKey(service), { instance }) };
  },
};
