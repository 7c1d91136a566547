import * as z from 'zod/mini';
import { nonEmpty, nonEmptyList } from '../text/schemas';

/** The reference data of a release, which its own command brings once its expand migrations have run. */
export const seedsSchema = z.strictObject({
  command: z._default(
    z
      .array(nonEmpty)
      .check(
        z.describe(
          'Brings the reference data, in the container of the migrations with the released image; it has to be repeatable, as it is run twice. Empty: the service has none.',
        ),
      ),
    [],
  ),
  environments: z.optional(
    nonEmptyList.check(z.describe('Where it runs, by the names of the environments; everywhere by default.')),
  ),
  revertCommand: z._default(
    z.array(nonEmpty).check(z.describe('Takes the data back in a rollback. Empty: they stay.')),
    [],
  ),
  onChange: z._default(
    z
      .enum(['warn', 'stop'])
      .check(
        z.describe(
          'What becomes of a deployment whose seeds cannot run again: a second run has failed, or has changed rows or the schema.',
        ),
      ),
    'warn',
  ),
  compareBytes: z._default(
    z
      .int()
      .check(
        z.nonnegative(),
        z.describe(
          'How much of the database is compared row by row around each run, smallest tables first; of up to ten times as much the rows are counted.',
        ),
      ),
    100_000_000,
  ),
});
export type Seeds = z.infer<typeof seedsSchema>;

/** Whether deployments into this environment bring reference data. */
export const hasSeeds = ({ environment, seeds }: { environment: string; seeds: Seeds }): boolean =>
  seeds.command.length > 0 && (seeds.environments?.includes(environment) ?? true);
