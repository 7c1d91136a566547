import * as z from 'zod/mini';
import { claims, journalReader } from '../../src/aws/journal';
import { progressOf } from '../../src/domain/recovery/progress';
import { readJournalResult } from '../../src/domain/results/revert';
import { InvalidInput } from '../../src/domain/step/errors';
import { defineStep } from '../../src/runtime/define-step';

/** One way for a deployment that fails in its own execution and for one that is recovered: neither relies on variables. */
export const readJournal = defineStep({
  name: 'ReadJournal',
  uses: { journalReader, claims },
  input: z.object({}),
  output: readJournalResult,
  async run({ deploymentId }, ports) {
    const known = progressOf(await ports.journalReader.rows(deploymentId));
    if (!known) throw new InvalidInput(`the journal does not know deployment ${deploymentId}`);
    const { cannotStart } = known;
    const { plan, migration, migrated, usersOnGreen, contract, restored } = known.variables;
    // without pending migrations nobody looks at the schema
    const before =
      (plan?.pending.length ?? 0) > 0 ? await ports.claims.claimed(deploymentId, 'before') : undefined;
    return {
      progress: {
        before: before?.schema ?? null,
        protected: known.variables.protected,
        migration,
        migrated,
        usersOnGreen,
        cannotStart,
        contract,
        restored,
      },
    };
  },
});
