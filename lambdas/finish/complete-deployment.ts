import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { attestationWriter } from '../../src/aws/attestations';
import { completion } from '../../src/aws/completion';
import { fleetReader } from '../../src/aws/fleet';
import { type Claims, claims, journalReader } from '../../src/aws/journal';
import { measurer } from '../../src/aws/measures';
import { lastWindow, type WorkerRecord, workerRecord } from '../../src/aws/record';
import { reports } from '../../src/aws/reports';
import { leftForLater } from '../../src/domain/database/contract-phase';
import { aboutWindow } from '../../src/domain/database/maintenance-window';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { attestationLocation, type Deployment } from '../../src/domain/deployment/deployment';
import { greenSchema, shiftSchema } from '../../src/domain/deployment/variables';
import { measuresOf } from '../../src/domain/measures/deployment';
import { progressOf } from '../../src/domain/recovery/progress';
import { reportOf, withRow } from '../../src/domain/report';
import { shortImage } from '../../src/domain/request/image-reference';
import { completeDeploymentResult } from '../../src/domain/results/finish';
import { aloneIn, serviceIn } from '../../src/domain/settings/slots';
import { readableCause } from '../../src/domain/text/readable-cause';
import { allOn } from '../../src/domain/traffic/weights';
import { workerName } from '../../src/domain/workers/settings';
import { defineStep } from '../../src/runtime/define-step';

export const completeDeployment = defineStep({
  name: 'CompleteDeployment',
  uses: {
    attestationWriter,
    journalReader,
    claims,
    workerRecord,
    lastWindow,
    reports,
    events,
    people,
    fleetReader,
    completion,
    measurer,
  },
  input: z.object({
    deployment: checkedDeployment,
    green: greenSchema,
    shift: shiftSchema,
    retired: z.string(),
    plan: z.nullable(z.object({ contract: z.array(z.string()) })),
    /** Why contract migrations were not begun; empty when they were, or there are none. */
    contractSkipped: z.string(),
    /** Why old snapshots could not be deleted; empty when they were. */
    retentionError: z.string(),
    /** Until when blue is kept running; empty when it was stopped. */
    warmUntil: z.string(),
    closedSeconds: z.nullable(z.number()),
  }),
  output: completeDeploymentResult,
  async run({ deployment, green, shift, retired, plan, warmUntil, closedSeconds, now, ...left }, ports) {
    const { contractSkipped, retentionError } = left;
    const { settings } = deployment;
    const { service, environment } = settings;
    await ports.attestationWriter.write(attestationLocation(settings, deployment.image, environment), {
      deployment: deployment.id,
      environment,
      image: deployment.image,
      at: now.toISOString(),
    });
    const rows = await ports.journalReader.rows(deployment.id);
    const trial = progressOf(rows)?.trial;
    const remark = [
      leftForLater(plan?.contract ?? [], readableCause(contractSkipped)),
      trial?.status === 'off' ? trial.cause : '',
    ]
      .filter(Boolean)
      .join('; ');
    const ending = {
      outcome: 'DeploymentSucceeded' as const,
      image: deployment.image,
      live: green.slot,
      remark,
    };
    const live = { slot: green.slot, weights: allOn(green.slot), image: deployment.image };
    const own = { step: 'CompleteDeployment', phase: 'finish', at: now.toISOString(), result: ending };
    const report = await ports.reports.write(deployment.id, () =>
      reportOf(deployment.id, withRow(rows, own), live),
    );
    const detail = {
      deployment: deployment.id,
      service,
      image: deployment.image,
      reason: deployment.reason,
      remark,
      report,
    };
    await ports.events.put('DeploymentSucceeded', detail);
    await ports.people.tell(
      `${service}: ${shortImage(deployment.requestedImage)} is live`,
      [
        `${deployment.reason}\n\n${deployment.image} ${aloneIn(settings)}${aboutWindow(closedSeconds)}. ${retired}`,
        ...(remark ? [remark] : []),
        ...(retentionError ? [`old snapshots stay: ${readableCause(retentionError)}`] : []),
      ]
        .join('; ')
        .concat(`\n\nreport: ${report}`),
      deployment.id,
    );
    const fleet = await ports.fleetReader.state(settings.cluster, serviceIn(settings, green.slot));
    await recordWorkers(deployment, ports);
    if (closedSeconds !== null) await ports.lastWindow.write(service, closedSeconds);
    // last: until here nobody else may start
    await ports.completion.complete(
      service,
      {
        ...live,
        tasks: fleet?.desired,
        taskDefinition: green.taskDefinition,
        deployment: deployment.id,
        releasedAt: now.toISOString(),
        aloneSince: shift.since,
        warmUntil: warmUntil || undefined,
      },
      deployment.execution,
    );
    const { measures } = measuresOf(rows, { outcome: 'DeploymentSucceeded', now });
    ports.measurer.tell(measures, { service, at: now });
    return { ...ending, report };
  },
});

/** What the release leaves its workers to run, to see later whether they still do. */
async function recordWorkers(
  { id, settings: { service, workers } }: Deployment,
  ports: { claims: Claims; workerRecord: WorkerRecord },
): Promise<void> {
  if (workers.length === 0) return;
  const left = await Promise.all(
    workers.map(async (worker) => {
      const name = workerName(worker);
      const revision = await ports.claims.claimed(id, `worker-revision#${name}`);
      return revision ? [[name, revision.taskDefinition]] : [];
    }),
  );
  await ports.workerRecord.write(service, { left: Object.fromEntries(left.flat()) });
}
