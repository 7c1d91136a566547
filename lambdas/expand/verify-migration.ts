import * as z from 'zod';
import { deploymentSchema } from '../../src/domain/deployment';
import { TransientFault } from '../../src/domain/errors';
import { schemaStateSchema } from '../../src/domain/live';
import { applicationName } from '../../src/domain/marks';
import { database } from '../../src/postgres/database';
import { defineStep } from '../../src/runtime/define-step';

export const verifyMigration = defineStep({
  name: 'VerifyMigration',
  uses: { database },
  input: z.object({
    deployment: deploymentSchema,
    before: schemaStateSchema,
    plan: z.object({ pending: z.array(z.string()) }),
  }),
  async run({ deployment, before, plan }, ports) {
    const { settings } = deployment;
    const look = await ports.database.look(
      settings.database.secret,
      settings.migrations.tool,
      applicationName(deployment.id),
    );
    if ('unreachable' in look) throw new TransientFault(`the database cannot be read: ${look.unreachable}`);
    const { schema, invalidIndexes } = look;
    const applied = schema.applied.filter((id) => !before.applied.includes(id));
    const lost = before.applied.filter((id) => !schema.applied.includes(id));
    const missing = plan.pending.filter((id) => !schema.applied.includes(id));
    // an exit code of 0 is no proof: the history table is
    const problems = [
      ...(missing.length > 0
        ? [`migrations ${missing.join(', ')} were to be applied and are not in the history table`]
        : []),
      ...(lost.length > 0 ? [`migrations ${lost.join(', ')} have left the history table`] : []),
      ...(applied.length === 0 && schema.fingerprint !== before.fingerprint
        ? ['the schema changed although the history table records no migration']
        : []),
      ...(invalidIndexes.length > 0 ? [`indexes ${invalidIndexes.join(', ')} are invalid`] : []),
    ];
    return {
      verified: problems.length === 0,
      applied,
      fingerprint: schema.fingerprint,
      cause: problems.join('; '),
    };
  },
});
