import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Catalog } from '../domain/migrations/catalog';
import type { History, ToolName } from '../domain/migrations/types';
import type { Port } from '../domain/step/port';
import { readHistory } from '../migrations/history';
import { readCatalog } from './catalog';
import { lookAt } from './connection';
import { readSecret } from './database';

/** What has to be known of a live database before migrations are judged. */
export interface Survey {
  of(
    secret: string,
    tool: ToolName,
  ): Promise<{ catalog: Catalog; history: History } | { unreachable: string }>;
}

export const survey: Port<Survey> = {
  inVpc: true,
  grants: [readSecret],
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      of: (secret, tool) =>
        lookAt(secrets, secret, async (client) => ({
          catalog: await readCatalog(client),
          history: await readHistory(client, tool),
        })),
    };
  },
};
