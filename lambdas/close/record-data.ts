import * as z from 'zod/mini';
import { claims } from '../../src/aws/journal';
import { aboutData } from '../../src/domain/database/row-record';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { recordDataResult } from '../../src/domain/results/close';
import { databaseIn } from '../../src/domain/settings/database';
import { readerOf } from '../../src/domain/settings/roles';
import { data } from '../../src/postgres/data';
import { defineStep } from '../../src/runtime/define-step';

export const recordData = defineStep({
  name: 'RecordData',
  uses: { claims, data },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment }),
  output: recordDataResult,
  async run({ deployment: { settings, id } }, ports) {
    const compareBytes = settings.maintenance?.compareBytes ?? 0;
    const seen = await ports.data.record(readerOf(settings), settings.migrations, compareBytes);
    if ('unreachable' in seen)
      return {
        recorded: false,
        cause: `the rows of database ${databaseIn(settings).name} cannot be recorded (${seen.unreachable}); where reading them takes too long, lower maintenance.compareBytes, now ${compareBytes}`,
      };
    // in the journal and not in the execution: there may be thousands of tables
    const recorded = await ports.claims.claim(id, 'data', seen);
    return { recorded: true, looked: aboutData(recorded), cause: '' };
  },
});
