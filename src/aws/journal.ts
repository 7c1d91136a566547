import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ClaimName, Claims as Values } from '../domain/deployment/claims';
import { JOURNAL_VERSION, type JournalRow } from '../domain/results/row';
import type { Port } from '../domain/step/port';
import { addItem, type Item, itemsOf, ofDeployment, readItem, replaceItem, writeItem } from './table';

/**
 * The audit trail in DynamoDB: one row per step of a deployment.
 * Keys: `pk` = `deployment#<id>`, `sk` = `step#<time>#<step>`.
 */
export interface Journal {
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
  /** As `claim`, but a claim that is `over` gives way; of two that come for it at the same time, one gets it. */
  claimAnew(
    deployment: string,
    name: 'pushed',
    value: Values['pushed'],
    over: (claimed: Values['pushed']) => boolean,
  ): Promise<Values['pushed']>;
}

/** Where what an event has started is claimed, as if by a deployment of that name: none can have it, for the slash. */
export const ofEvent = (event: string) => `event/${event}`;
/** The same of an image that was pushed, whichever of its tags the event is about. */
export const ofPush = (service: string, digest: string) => `push/${service}/${digest}`;

/** Longer values are kept packed: what a big database was like before would not fit an item as it is. */
const MAX_PLAIN = 10_000;

function kept(value: unknown): Item {
  const text = JSON.stringify(value);
  return text.length > MAX_PLAIN ? { packed: deflateRawSync(text) } : { value: text };
}

/** A row must fit DynamoDB's 400 KB item; results are far smaller unless something is wrong. */
const MAX_RESULT = 100_000;

export const journal: Port<Journal> = {
  grants: [{ sid: 'Journal', actions: ['dynamodb:PutItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async write({ deployment, step, phase, at, result }) {
        const text = JSON.stringify(result ?? null);
        await writeItem(db, table, ofDeployment(deployment, `step#${at}#${step}`), {
          step,
          phase,
          at,
          version: JOURNAL_VERSION,
          result: text.length > MAX_RESULT ? JSON.stringify({ cut: text.length }) : text,
        });
      },
    };
  },
};

export const journalReader: Port<JournalReader> = {
  grants: [{ sid: 'ReadJournal', actions: ['dynamodb:Query'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    return {
      async rows(deployment) {
        // the sort key begins with the time, so the table's order is the order of the steps
        const items = await itemsOf(db, table, deployment, 'step#');
        return items.map(({ step = '', phase = '', at = '', version, result = 'null' }) => ({
          step: String(step),
          phase: String(phase),
          at: String(at),
          result: JSON.parse(String(result)),
          ...(version === undefined ? {} : { version: Number(version) }),
        }));
      },
    };
  },
};

export const claims: Port<Claims> = {
  grants: [{ sid: 'Claims', actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], on: ['table'] }],
  open({ table }) {
    const db = new DynamoDBClient({});
    const keyOf = (deployment: string, name: ClaimName) => ofDeployment(deployment, `claim#${name}`);

    async function claimed<Name extends ClaimName>(deployment: string, name: Name) {
      const item = await readItem(db, table, keyOf(deployment, name));
      if (!item) return undefined;
      const text = item.packed ? inflateRawSync(item.packed as Uint8Array).toString() : String(item.value);
      return JSON.parse(text) as Values[Name];
    }

    async function claim<Name extends ClaimName>(deployment: string, name: Name, value: Values[Name]) {
      if (await addItem(db, table, keyOf(deployment, name), kept(value))) return value;
      return (await claimed(deployment, name)) ?? value;
    }

    return {
      claimed,
      claim,
      async claimAnew(deployment, name, value, over) {
        const first = await claim(deployment, name, value);
        if (!over(first)) return first;
        const place = keyOf(deployment, name);
        if (await replaceItem(db, table, place, kept(value), kept(first))) return value;
        return (await claimed(deployment, name)) ?? value;
      },
    };
  },
};
