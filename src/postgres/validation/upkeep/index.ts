import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ClientBase } from 'pg';
import type { Port } from '../../../domain/step/port';
import { type UpkeepName, type UpkeepSeen, upkeeps } from '../../../domain/validation/upkeep';
import { lookAt } from '../../connection';
import { readSecret } from '../../secrets';
import { type Ask, within } from '../within';
import { bloat } from './bloat';
import { duplicateIndexes, unusedIndexes } from './indexes';
import { queries } from './queries';
import { freeSequences, serverSettings, wraparound } from './server';
import { keylessTables, size, unindexedKeys } from './tables';

/** A look must end well before its function does: for one check, and for all of them together. */
const CHECK_SECONDS = 10;
const TOGETHER_SECONDS = 45;

const looks: { [Name in UpkeepName]: (ask: Ask, roles: readonly string[]) => Promise<UpkeepSeen[Name]> } = {
  size,
  unusedIndexes,
  duplicateIndexes,
  bloat,
  freeSequences,
  unindexedKeys,
  keylessTables,
  wraparound,
  serverSettings,
  queries,
};

/** Sees the database in the caller's transaction; what takes too long, or is refused, is unseen. */
export async function seeUpkeep(
  client: ClientBase,
  roles: readonly string[],
  seconds = CHECK_SECONDS,
): Promise<UpkeepSeen> {
  const end = performance.now() + TOGETHER_SECONDS * 1000;
  const seen: Partial<Record<UpkeepName, unknown>> = {};
  for (const name of Object.keys(upkeeps) as UpkeepName[]) {
    const left = Math.min(seconds, Math.ceil((end - performance.now()) / 1000));
    seen[name] =
      left > 0
        ? await within<unknown>(client, left, (ask) => looks[name](ask, roles))
        : { unseen: 'no time was left' };
  }
  return seen as UpkeepSeen;
}

/** What a database needs over the months. */
export interface UpkeepReader {
  /**
   * In one read-only transaction, or why the database cannot be read.
   * @param roles the application's
   */
  of(secret: string, roles: readonly string[]): Promise<UpkeepSeen | { unreachable: string }>;
}

export const upkeep: Port<UpkeepReader> = {
  inVpc: true,
  grants: readSecret,
  open() {
    const secrets = new SecretsManagerClient({});
    return { of: (secret, roles) => lookAt(secrets, secret, (client) => seeUpkeep(client, roles)) };
  },
};
