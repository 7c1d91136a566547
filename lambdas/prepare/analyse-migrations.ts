import * as z from 'zod';
import { manifests } from '../../src/aws/manifests';
import { deploymentSchema } from '../../src/domain/deployment';
import { TransientFault } from '../../src/domain/errors';
import { analyse } from '../../src/domain/migrations/analyse';
import { decideMigrations, type MigrationPlan } from '../../src/domain/migrations/decide';
import { manifestSchema } from '../../src/domain/migrations/manifest';
import { pendingOf } from '../../src/domain/migrations/pending';
import { writtenOut } from '../../src/domain/migrations/staged/written-out';
import { rulesOf } from '../../src/migrations/history';
import { survey } from '../../src/postgres/survey';
import { defineStep } from '../../src/runtime/define-step';

const refused = (cause: string): MigrationPlan => ({
  decision: 'refuse',
  pending: [],
  classes: {},
  remarks: [],
  cause: `${cause}; nothing was changed`,
});

export const analyseMigrations = defineStep({
  name: 'AnalyseMigrations',
  uses: { manifests, survey },
  input: z.object({ deployment: deploymentSchema }),
  async run({ deployment }, ports): Promise<{ plan: MigrationPlan; cause: string }> {
    const { settings, manifest } = deployment;
    const said = (plan: MigrationPlan) => ({ plan, cause: plan.cause });
    if (!manifest) return said({ ...refused(''), decision: 'none', cause: '' });

    const stored = await ports.manifests.read(manifest.location);
    if (!stored)
      return said(
        refused(
          `there is no manifest at ${manifest.location}, so nobody knows what the migrations of ${deployment.asked} would do; run greenlight bundle --s3 ${manifest.location} in its pipeline, or ask for "migrations": "none"`,
        ),
      );
    if (manifest.digest && manifest.digest !== stored.digest)
      return said(
        refused(
          `the manifest at ${manifest.location} is ${stored.digest}, and ${manifest.digest} was asked for`,
        ),
      );
    const release = manifestSchema.safeParse(JSON.parse(stored.text));
    if (!release.success || release.data.tool !== settings.migrations.tool)
      return said(
        refused(
          `the manifest at ${manifest.location} is no manifest of ${settings.migrations.tool}; write it again with greenlight bundle`,
        ),
      );

    const found = await ports.survey.of(settings.database.secret, settings.migrations.tool);
    if ('unreachable' in found) throw new TransientFault(`the database cannot be read: ${found.unreachable}`);
    const pending = pendingOf(release.data, found.history, rulesOf(settings.migrations.tool));
    const findings = await analyse(pending.pending, found.catalog);
    return said(
      decideMigrations({
        pending,
        findings,
        opaque: settings.migrations.opaque,
        stagedPlanOf: (finding) => writtenOut(finding, found.catalog),
      }),
    );
  },
});
