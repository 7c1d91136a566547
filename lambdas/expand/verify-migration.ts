import * as z from 'zod/mini';
import { baselineOf } from '../../src/aws/baseline';
import { claims } from '../../src/aws/journal';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { verifyMigrationResult } from '../../src/domain/results/expand';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import { checksOf, failures, validate } from '../../src/domain/validation';
import { changedTables } from '../../src/domain/validation/touched';
import { readable } from '../../src/postgres/readable';
import { statistics, validation } from '../../src/postgres/validation';
import { defineStep } from '../../src/runtime/define-step';

export const verifyMigration = defineStep({
  name: 'VerifyMigration',
  uses: { claims, validation, statistics },
  // statistics are written anew
  fence: 'forward',
  input: z.object({ deployment: checkedDeployment, plan: z.object({ pending: z.array(z.string()) }) }),
  output: verifyMigrationResult,
  async run({ deployment: { id, settings }, plan }, ports) {
    const checks = checksOf(settings.validation);
    const { before, touched } = await baselineOf(ports.claims, id);
    const after = readable(
      await ports.validation.observe(readerOf(settings), {
        roles: rolesIn(settings),
        checks,
        history: settings.migrations,
        tables: touched.tables,
        before,
      }),
    );
    if (checks.includes('statistics'))
      after.statistics =
        failures(validate(checks, before, after, plan)).length === 0
          ? await ports.statistics.analyse(settings.database.secret, changedTables(touched, before, after))
          : { unseen: 'not gathered: the migrations are about to be taken back' };
    const findings = validate(checks, before, after, plan);
    const problems = failures(findings);
    return {
      verified: problems.length === 0,
      level: settings.validation,
      fingerprint: after.schema.fingerprint,
      findings,
      cause: problems.join('; '),
    };
  },
});
