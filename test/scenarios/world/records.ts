import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { JournalRow } from '../../../src/domain/results/row';
import type { SettingsInput } from '../../../src/domain/settings/settings';
import { type Ground, rowOf, storeSettings } from './ground';

/** What is written down: the journal, the lock, the settings. */
export interface Records {
  /** What the deployment's steps wrote, in their order. */
  journal(deployment: string): Promise<JournalRow[]>;
  /** Who holds the lock; undefined when it is free. */
  lockHolder(): Promise<string | undefined>;
  /** Does the deployment that holds the lock wait for a person? */
  stuck(): Promise<boolean>;
  /** Changes the service's settings for the deployments to come. */
  configure(changes: Partial<SettingsInput>): Promise<void>;
}

export function recordsOf({ settings, parameter, table, clients: { db, ssm } }: Ground): Records {
  const lock = async () =>
    (
      await db.send(
        new GetItemCommand({ TableName: table, Key: rowOf('lock', settings.service), ConsistentRead: true }),
      )
    ).Item ?? {};
  return {
    async journal(deployment) {
      const { Items = [] } = await db.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :deployment AND begins_with(sk, :steps)',
          ExpressionAttributeValues: {
            ':deployment': { S: `deployment#${deployment}` },
            ':steps': { S: 'step#' },
          },
        }),
      );
      return Items.map(({ step, phase, at, version, result }) => ({
        step: step?.S ?? '',
        phase: phase?.S ?? '',
        at: at?.S ?? '',
        result: JSON.parse(result?.S ?? 'null'),
        version: Number(version?.N),
      }));
    },
    lockHolder: async () => (await lock()).holder?.S,
    stuck: async () => (await lock()).stuck?.BOOL ?? false,
    configure: (changes) => storeSettings(ssm, parameter, { ...settings, ...changes }),
  };
}
