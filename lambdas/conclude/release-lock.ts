import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { databaseKeeper } from '../../src/aws/databases';
import { journalReader } from '../../src/aws/journal';
import { lock } from '../../src/aws/lock';
import { measurer } from '../../src/aws/measures';
import { recordReader } from '../../src/aws/record';
import { reports } from '../../src/aws/reports';
import { aboutWindow } from '../../src/domain/database/maintenance-window';
import { aboutMissing } from '../../src/domain/database/restored-settings';
import { restoredSchema } from '../../src/domain/deployment/variables';
import { measuresOf } from '../../src/domain/measures/deployment';
import { type Progress, progressOf } from '../../src/domain/recovery/progress';
import { reportOf, withRow } from '../../src/domain/report';
import { readAs } from '../../src/domain/report/read';
import { shortImage } from '../../src/domain/request/image-reference';
import { releaseLockResult } from '../../src/domain/results/conclude';
import type { StepRow } from '../../src/domain/results/row';
import { databaseIn } from '../../src/domain/settings/database';
import { aloneIn } from '../../src/domain/settings/slots';
import { readableCause } from '../../src/domain/text/readable-cause';
import { followedBy } from '../../src/domain/text/sentence';
import { defineStep } from '../../src/runtime/define-step';

const announcements = {
  RolledBack: 'DeploymentRolledBack',
  DeploymentRejected: 'DeploymentRejected',
  PlanReported: 'PlanReported',
} as const;

const inWords = {
  RolledBack: 'was rolled back',
  DeploymentRejected: 'was rejected',
  PlanReported: 'was planned',
};

const aboutTrial = (trial: Progress['trial'] | undefined) => (trial ? `; ${trial.cause}` : '');

function aboutRestore(restored: z.infer<typeof restoredSchema> | null, rows: StepRow[]): string {
  if (!restored) return '';
  const looked = rows.map((row) => readAs('VerifyRestore', row)?.looked).findLast(Boolean);
  return [
    `; the database is ${restored.instance} now, restored from the snapshot before the migration and equal to what it was`,
    `${restored.source} is kept`,
    ...(looked ? [looked] : []),
  ].join('; ');
}

const told = (remarks: string[] = []) => remarks.map((remark) => `; ${remark}`).join('');

/** What a rejected deployment has left behind: at most its snapshot. */
function rejected(why: string, snapshot: boolean): string {
  if (why.includes('nothing was changed')) return why;
  return followedBy(
    why,
    snapshot ? 'no migration ran, and nothing but the snapshot is left' : 'nothing was changed',
  );
}

const whoServes = (progress: Progress | undefined): string =>
  progress?.variables.live?.first
    ? 'nobody is served, as before'
    : `the previous version ${progress ? aloneIn(progress.deployment.settings) : 'stays'}`;

export const releaseLock = defineStep({
  name: 'ReleaseLock',
  uses: { lock, journalReader, databaseKeeper, recordReader, reports, events, people, measurer },
  input: z.object({
    outcome: z.enum(['RolledBack', 'DeploymentRejected', 'PlanReported']),
    cause: z.string(),
    schema: z.string(),
    closedSeconds: z.nullable(z.number()),
    restored: z.nullable(restoredSchema),
  }),
  output: releaseLockResult,
  async run({ outcome, cause: why, schema, closedSeconds, restored, deploymentId, execution, now }, ports) {
    const rows = await ports.journalReader.rows(deploymentId);
    const progress = progressOf(rows);
    // as late as can be: until RDS has its own first snapshot of what was restored, it lets nobody change it
    const left =
      restored && progress
        ? await ports.databaseKeeper.keep(
            databaseIn(progress.deployment.settings, restored.instance),
            restored.source,
          )
        : [];
    const cause =
      outcome === 'RolledBack'
        ? `${readableCause(why)}; ${whoServes(progress)}, schema ${schema}${aboutTrial(progress?.trial)}${aboutWindow(closedSeconds)}${aboutRestore(restored, rows)}${aboutMissing(left)}${told(progress?.remarks)}`
        : outcome === 'PlanReported'
          ? readableCause(why) || 'nothing stands in the way of this release; nothing was changed'
          : rejected(
              readableCause(why),
              rows.some(({ step }) => step === 'SnapshotDatabase'),
            );
    const service = progress?.deployment.settings.service;
    const own = { step: 'ReleaseLock', phase: 'conclude', at: now.toISOString() };
    const report = await ports.reports.write(deploymentId, async () =>
      reportOf(
        deploymentId,
        withRow(rows, { ...own, result: { outcome, cause } }),
        (service && (await ports.recordReader.read(service))) || null,
      ),
    );
    const tellMeasures = () =>
      ports.measurer.tell(measuresOf(rows, { outcome, now }).measures, { service, at: now });
    // a request that was refused before it became a deployment ends with its row in the journal
    if (!progress || service === undefined) {
      tellMeasures();
      return { outcome, cause, report };
    }
    const { deployment, refusedByLock } = progress;
    // who holds it was said to the one who asked; everybody else is told
    if (!refusedByLock) {
      await ports.events.put(announcements[outcome], {
        deployment: deploymentId,
        service,
        image: deployment.image,
        cause,
        report,
      });
      await ports.people.tell(
        `${service}: ${shortImage(deployment.requestedImage)} ${deployment.only && outcome === 'PlanReported' ? 'was validated' : inWords[outcome]}`,
        `${cause}\n\nreport: ${report}`,
        deploymentId,
      );
    }
    await ports.lock.release(service, deploymentId, execution);
    tellMeasures();
    return { outcome, cause, report };
  },
});
