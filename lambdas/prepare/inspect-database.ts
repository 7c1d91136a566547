import * as z from 'zod';
import { deploymentSchema } from '../../src/domain/deployment';
import { applicationName } from '../../src/domain/marks';
import { database } from '../../src/postgres/database';
import { defineStep } from '../../src/runtime/define-step';

export const inspectDatabase = defineStep({
  name: 'InspectDatabase',
  uses: { database },
  input: z.object({ deployment: deploymentSchema }),
  async run({ deployment }, ports) {
    const { settings } = deployment;
    const look = await ports.database.look(
      settings.database.secret,
      settings.migrations.tool,
      applicationName(deployment.id),
    );
    if ('unreachable' in look)
      return {
        ready: false,
        before: null,
        cause: `database ${settings.database.instance} cannot be read (${look.unreachable}); nothing was changed: check that it is available and reachable from the workflow's security group`,
      };
    return { ready: true, before: look.schema, cause: '' };
  },
});
