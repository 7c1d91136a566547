import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ClientBase } from 'pg';
import type { HistoryPlace } from '../../domain/migrations/types';
import type { Port } from '../../domain/step/port';
import type { CheckName, Observation, Observed } from '../../domain/validation';
import type { StatisticsSeen } from '../../domain/validation/statistics';
import { leftoversOf, ownTables, readHistory, recordedIn } from '../../migrations/history';
import { connected, lookAt } from '../connection';
import { fingerprintOf } from '../fingerprint';
import { ownSecret, readSecret } from '../secrets';
import { connection } from './connection';
import { constraints } from './constraints';
import { foreignKeys } from './foreign-keys';
import { indexes } from './indexes';
import { permissions } from './permissions';
import { replication } from './replication';
import { rows } from './rows';
import { sequences } from './sequences';
import { analyse } from './statistics';
import { type Ask, within } from './within';

/** What is to be looked at. */
export interface ObservationScope {
  checks: readonly CheckName[];
  history: HistoryPlace;
  /** The application's, beside the user that looks. */
  roles: readonly string[];
  /** schema.table of the tables whose rows are counted. */
  tables?: readonly string[];
  /** What was seen before; foreign keys that were there then are not counted again. */
  before?: Observation;
}

/** A look must end well before its function does: for one check, and for all of them together. */
const CHECK_SECONDS = 10;
const TOGETHER_SECONDS = 30;

/** Checks that only ask the database something. */
const looks: { [Name in CheckName]?: (ask: Ask, scope: ObservationScope) => Promise<unknown> } = {
  connection,
  constraints,
  indexes,
  sequences,
  permissions: (ask, { roles }) => permissions(ask, roles),
  foreignKeys: (ask, { before }) =>
    foreignKeys(
      ask,
      before?.foreignKeys && 'names' in before.foreignKeys ? before.foreignKeys.names : undefined,
    ),
  rows: (ask, { tables = [] }) => rows(ask, tables),
  replication,
};

/** Sees the database in the caller's transaction. Rejects when history or schema cannot be read. */
export async function observe(
  client: ClientBase,
  scope: ObservationScope,
  seconds = CHECK_SECONDS,
): Promise<Observed> {
  const end = performance.now() + TOGETHER_SECONDS * 1000;
  const history = await readHistory(client, scope.history);
  const recorded = recordedIn(history);
  const observed: Observed = {
    history: { ...recorded, ...leftoversOf(history) },
    schema: { fingerprint: await fingerprintOf(client, ownTables(scope.history)), applied: recorded.applied },
  };
  for (const name of scope.checks) {
    const ask = looks[name];
    if (!ask) continue;
    const left = Math.min(seconds, Math.ceil((end - performance.now()) / 1000));
    const seen =
      left > 0 ? await within(client, left, (query) => ask(query, scope)) : { unseen: 'no time was left' };
    Object.assign(observed, { [name]: seen });
  }
  return observed;
}

/** The database as a deployment validates it. */
export interface Validation {
  /** In one read-only transaction, or why the database cannot be read. */
  observe(secret: string, scope: ObservationScope): Promise<Observed | { unreachable: string }>;
}

export const validation: Port<Validation> = {
  inVpc: true,
  grants: readSecret,
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      observe: (secret, scope) => lookAt(secrets, secret, (client) => observe(client, scope)),
    };
  },
};

/** Who owns the tables, and so may have them analysed. */
export interface Statistics {
  /** Gathers statistics of tables that changed. */
  analyse(secret: string, tables: readonly string[]): Promise<StatisticsSeen | { unseen: string }>;
}

export const statistics: Port<Statistics> = {
  inVpc: true,
  grants: ownSecret,
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      async analyse(secret, tables) {
        const seen = await connected(secrets, secret, (client) => analyse(client, tables, CHECK_SECONDS));
        return 'unreachable' in seen ? { unseen: `not finished: ${seen.unreachable}` } : seen;
      },
    };
  },
};
