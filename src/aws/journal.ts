import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import type { ClaimName, Claims as Values } from '../domain/deployment/claims';
import { JOURNAL_VERSION, type JournalRow } from '../domain/results/row';
import type { Port } from '../domain/step/port';

/**
 * The audit trail in DynamoDB: one row per step of a deployment.
 * Keys: `pk` = `deployment#<id>`, `sk` = `step#<time>#<step>`.
 */
export interface Journal {
  /** The table's name, for people who have to look into it. */
  table: string;
  /** A step's row; written again by a retry of the same step, so it stays one row. */
  write(row: Omit<JournalRow, 'version'> & { deployment: string }): Promise<void>;
}

export interface JournalReader {
  /** What the steps of a deployment wrote, in the order in which they were entered; empty for an unknown deployment. */
  rows(deployment: string): Promise<JournalRow[]>;
}
/** The claims that make effects happen once. Keys: `pk` = `deployment#<id>`, `sk` = `claim#<name>`. */
export interface Claims {
  /**
   * Records what an effect is about to use before it happens, and answers with the first claim of that name:
   * a retried step repeats its first attempt's effect instead of making a second one.
   */
  claim<Name extends ClaimName>(deployment: string, name: Name, value: Values[Name]): Promise<Values[Name]>;
  claimed<Name extends ClaimName>(deployment: string, name: Name): Promise<Values[Name] | undefined>;
}

/** Longer values are kept packed: what a big database was like before would not fit an item as it is. */
const MAX_PLAIN = 10_000;

function attributesOf(value: unknown): Record<string, AttributeValue> {
  const text = JSON.stringify(value);
  return text.length > MAX_PLAIN ? { packed: { B: deflateRawSync(text) } } : { value: { S: text } };
}

/** A row must fit DynamoDB's 400 KB item; results are far smaller unless something is wrong. */
const MAX_RESULT = 100_000;

const key = (deployment: string, sk: string) => ({ pk: { S: `deployment#${deployment}` }, sk: { S: sk } });

export const journal: Port<Journal> = {
  grants: [{ sid: 'Journal', actions: ['dynamodb:PutItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      table,
      async write({ deployment, step, phase, at, result }) {
        const text = JSON.stringify(result ?? null);
        await db.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              ...key(deployment, `step#${at}#${step}`),
              step: { S: step },
              phase: { S: phase },
              at: { S: at },
              version: { N: String(JOURNAL_VERSION) },
              result: { S: text.length > MAX_RESULT ? JSON.stringify({ cut: text.length }) : text },
            },
          }),
        );
      },
    };
  },
};

export const journalReader: Port<JournalReader> = {
  grants: [{ sid: 'ReadJournal', actions: ['dynamodb:Query'], on: ['table'] }],
  open({ table }) {
    const client = new DynamoDBClient({});
    return {
      async rows(deployment) {
        const rows: JournalRow[] = [];
        // the sort key begins with the time, so the table's order is the order of the steps
        const pages = paginateQuery(
          { client },
          {
            TableName: table,
            KeyConditionExpression: 'pk = :deployment AND begins_with(sk, :steps)',
            ExpressionAttributeValues: {
              ':deployment': { S: `deployment#${deployment}` },
              ':steps': { S: 'step#' },
            },
            ConsistentRead: true,
          },
        );
        for await (const { Items = [] } of pages)
          for (const { step, phase, at, version, result } of Items)
            rows.push({
              step: step?.S ?? '',
              phase: phase?.S ?? '',
              at: at?.S ?? '',
              result: JSON.parse(result?.S ?? 'null'),
              ...(version?.N ? { version: Number(version.N) } : {}),
            });
        return rows;
      },
    };
  },
};

export const claims: Port<Claims> = {
  grants: [{ sid: 'Claims', actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});

    async function claimed<Name extends ClaimName>(deployment: string, name: Name) {
      const { Item } = await db.send(
        new GetItemCommand({ TableName: table, Key: key(deployment, `claim#${name}`), ConsistentRead: true }),
      );
      const text = Item?.packed?.B ? inflateRawSync(Item.packed.B).toString() : Item?.value?.S;
      return text === undefined ? undefined : (JSON.parse(text) as Values[Name]);
    }

    return {
      claimed,
      async claim(deployment, name, value) {
        try {
          await db.send(
            new PutItemCommand({
              TableName: table,
              Item: { ...key(deployment, `claim#${name}`), ...attributesOf(value) },
              ConditionExpression: 'attribute_not_exists(pk)',
            }),
          );
          return value;
        } catch (error) {
          if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
          return (await claimed(deployment, name)) ?? value;
        }
      },
    };
  },
};
