import * as z from 'zod/mini';
import { type ReaderFinder, readerFinder } from '../../src/aws/databases';
import { type Claims, claims } from '../../src/aws/journal';
import { manifests, readManifest } from '../../src/aws/manifests';
import { aheadOf, patientRuns, waitedFor } from '../../src/domain/database/migration-task';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { type Deployment, manifestLocation } from '../../src/domain/deployment/deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { analyse } from '../../src/domain/migrations/analyse';
import type { Catalog } from '../../src/domain/migrations/catalog';
import { decideMigrations } from '../../src/domain/migrations/decide';
import { manifestSchema } from '../../src/domain/migrations/manifest';
import { type Outline, outlinesOf } from '../../src/domain/migrations/outline';
import { pendingOf } from '../../src/domain/migrations/pending';
import type { MigrationPlan } from '../../src/domain/migrations/plan';
import { removalsOf } from '../../src/domain/migrations/removals';
import { writtenOut } from '../../src/domain/migrations/staged/written-out';
import type { Migration } from '../../src/domain/migrations/types';
import {
  callsOf,
  MOST_REMOVALS,
  notLookedFor,
  printsOf,
  usageRemarks,
  wordsOf,
} from '../../src/domain/migrations/usage';
import { analyseMigrationsResult } from '../../src/domain/results/prepare';
import { strategies } from '../../src/domain/settings/choices';
import { databaseIn } from '../../src/domain/settings/database';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import { checksOf } from '../../src/domain/validation';
import { touchedTables } from '../../src/domain/validation/touched';
import { rulesOf } from '../../src/migrations/history';
import { readable } from '../../src/postgres/readable';
import { survey } from '../../src/postgres/survey';
import { type Usage, usage } from '../../src/postgres/usage';
import { type Validation, validation } from '../../src/postgres/validation';
import { defineStep } from '../../src/runtime/define-step';

const refused = (cause: string): MigrationPlan => ({
  decision: 'refuse',
  pending: [],
  contract: [],
  classes: {},
  remarks: [],
  strategies: [],
  cause: `${cause}; nothing was changed`,
});

/** Rows are counted here and not earlier, because nobody knew which tables the migrations touch. */
async function count(
  { id, settings }: Deployment,
  tables: string[],
  ports: { claims: Claims; validation: Validation },
): Promise<void> {
  if (await ports.claims.claimed(id, 'touched')) return;
  const { migrations } = settings;
  const look = { checks: ['rows'] as const, history: migrations, roles: rolesIn(settings), tables };
  const seen = readable(await ports.validation.observe(readerOf(settings), look));
  await ports.claims.claim(id, 'touched', { tables, rows: seen.rows });
}

/** Who uses what the contract migrations take away is filed before the release changes anything, to see later who still does. */
async function lookAtUsage(
  { id, settings, accept, dryRun }: Deployment,
  serving: string,
  pending: Migration[],
  catalog: Catalog,
  ports: { claims: Claims; readerFinder: ReaderFinder; usage: Usage },
): Promise<string[]> {
  const all = await removalsOf(pending, catalog);
  const open = all.filter(({ migration }) => !accept.includes(migration));
  if (open.length === 0) return [];
  const removals = open.slice(0, MOST_REMOVALS);
  const readers = await ports.readerFinder.of(databaseIn(settings, serving));
  const look = readable(
    await ports.usage.of(readerOf(settings), rolesIn(settings), wordsOf(removals), 'now', readers),
  );
  const before = { removals, calls: callsOf(look, removals), ours: printsOf(pending, removals) };
  if (!dryRun) await ports.claims.claim(id, 'usage-before', before);
  return [...usageRemarks(look, removals), ...notLookedFor(open.slice(MOST_REMOVALS))];
}

export const analyseMigrations = defineStep({
  name: 'AnalyseMigrations',
  uses: { manifests, survey, readerFinder, usage, claims, validation },
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: analyseMigrationsResult,
  async run({ deployment, live }, ports) {
    const { settings, manifest } = deployment;
    const seeds = deployment.seeds ? ['its seeds run behind the migrations'] : [];
    const said = (plan: MigrationPlan, migrations: Outline[] = []) => ({
      plan: {
        ...{ ...plan, taskDefinition: live.changes, workers: live.workers },
        remarks: [...plan.remarks, ...seeds],
      },
      migrations,
      cause: plan.cause,
    });
    if (!manifest) return said({ ...refused(''), decision: 'none', strategies: [...strategies], cause: '' });

    const stored = await ports.manifests.read(manifest.location);
    if (!stored)
      return said(
        refused(
          `there is no manifest at ${manifest.location}, so nobody knows what the migrations of ${deployment.requestedImage} would do; run npx greenlight bundle --s3 ${manifest.location} in its pipeline, or ask for "migrations": "none"`,
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
          `the manifest at ${manifest.location} is no manifest of ${settings.migrations.tool}; write it again with npx greenlight bundle --s3 ${manifest.location}`,
        ),
      );

    const found = readable(await ports.survey.of(readerOf(settings), settings.migrations));
    // what the live version brought: tools without checksums cannot tell by themselves that a file was edited
    const earlier =
      live.image === null
        ? undefined
        : await readManifest(ports.manifests, manifestLocation(settings, live.image));
    const pending = pendingOf(release.data, found.history, rulesOf(settings.migrations.tool), earlier);
    const findings = await analyse(pending.pending, found.catalog, { tool: settings.migrations.tool });
    const plan = decideMigrations({
      pending,
      findings,
      opaque: settings.migrations.opaque,
      // where nobody is served nobody notices
      maintenance: settings.maintenance !== null || live.first === true,
      worker: settings.traffic === null,
      canContract: settings.migrations.contractCommand.length > 0,
      accept: deployment.accept,
      // a database without tables has no history yet
      missingHistory: found.catalog.tables.size > 0 ? found.missing : undefined,
      stagedPlanOf: (finding) => writtenOut(finding, found.catalog),
    });
    if (plan.decision === 'run' && !deployment.dryRun && checksOf(settings.validation).includes('rows'))
      await count(deployment, touchedTables(findings, found.catalog), ports);
    const outlines = outlinesOf(pending.pending, findings);
    if (plan.decision === 'refuse') return said(plan, outlines);
    const patient = patientRuns(pending.pending);
    if (patient.length > 0 && !deployment.dryRun) await ports.claims.claim(deployment.id, 'patient', patient);
    const untransacted = pending.pending
      .filter(({ phase, transactional }) => phase !== 'contract' && !transactional)
      .map(({ id }) => id);
    if (untransacted.length > 0 && !deployment.dryRun)
      await ports.claims.claim(deployment.id, 'untransacted', untransacted);
    const waits = patient.includes('migrate') ? waitedFor(found.open) : aheadOf(found.open);
    const remarks = await lookAtUsage(deployment, live.database, pending.pending, found.catalog, ports);
    return said({ ...plan, remarks: [...waits, ...remarks, ...plan.remarks] }, outlines);
  },
});
