import * as z from 'zod/mini';
import { databaseReader } from '../../src/aws/databases';
import { claims } from '../../src/aws/journal';
import { aboutData, dataProblem } from '../../src/domain/database/row-record';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { applicationName } from '../../src/domain/deployment/names';
import { restoredSchema, schemaStateSchema } from '../../src/domain/deployment/variables';
import { verifyRestoreResult } from '../../src/domain/results/revert';
import { schemaProblem } from '../../src/domain/rollback/choice';
import { databaseIn } from '../../src/domain/settings/database';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import { data } from '../../src/postgres/data';
import { database } from '../../src/postgres/database';
import { readable } from '../../src/postgres/readable';
import { defineStep } from '../../src/runtime/define-step';

export const verifyRestore = defineStep({
  name: 'VerifyRestore',
  uses: { claims, databaseReader, database, data },
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    before: schemaStateSchema,
    restored: restoredSchema,
  }),
  output: verifyRestoreResult,
  async run({ deployment: { settings, id }, before, restored }, ports) {
    const { address } = await ports.databaseReader.state(databaseIn(settings, restored.instance));
    const recorded = await ports.claims.claimed(id, 'data');
    if (!address || !recorded)
      return {
        verified: false,
        cause: address
          ? 'the journal does not know the rows of before'
          : `${restored.instance} has no address`,
      };

    // the old user and password at the new address: the secret still names the old one
    const migrators = { application: applicationName(id), roles: rolesIn(settings) };
    const look = await ports.database.look(readerOf(settings), settings.migrations, migrators, address);
    const now = await ports.data.again(readerOf(settings), recorded, address);
    const name = `database ${restored.instance}`;
    const seen = readable(now, name);
    const problems = [
      schemaProblem(before, readable(look, name).schema, false),
      dataProblem(recorded, seen),
    ].filter((problem) => problem !== undefined);
    return {
      verified: problems.length === 0,
      looked: aboutData({ ...recorded, prepared: seen.prepared }),
      cause: problems.join('; '),
    };
  },
});
