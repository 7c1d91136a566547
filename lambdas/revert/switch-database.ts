import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { databaseReader } from '../../src/aws/databases';
import { databaseRecorder } from '../../src/aws/record';
import { secretRepointer } from '../../src/aws/secrets';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { restoredSchema } from '../../src/domain/deployment/variables';
import { switchDatabaseResult } from '../../src/domain/results/revert';
import { databaseIn } from '../../src/domain/settings/database';
import { secretsIn } from '../../src/domain/settings/roles';
import { TransientFault } from '../../src/domain/step/errors';
import { defineStep } from '../../src/runtime/define-step';

export const switchDatabase = defineStep({
  name: 'SwitchDatabase',
  uses: { databaseReader, secretRepointer, databaseRecorder, events },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, restored: restoredSchema }),
  output: switchDatabaseResult,
  async run({ deployment: { settings, id }, restored: { instance, source }, now }, ports) {
    const { address, detail } = await ports.databaseReader.state(databaseIn(settings, instance));
    if (!address) throw new TransientFault(detail);
    // first the record: a snapshot of the wrong database would protect nothing
    await ports.databaseRecorder.write(settings.service, instance);
    for (const secret of secretsIn(settings))
      await ports.secretRepointer.repoint(secret, instance, address, now);
    await ports.events.put('DatabaseRestored', {
      deployment: id,
      service: settings.service,
      instance,
      kept: source,
    });
    return { switched: true as const, cause: `${instance} serves, ${source} is kept` };
  },
});
