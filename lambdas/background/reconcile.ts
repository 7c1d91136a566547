import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { compareWorkers, keepAsRecorded } from '../../src/aws/drift';
import { executionReader, executionStarter } from '../../src/aws/executions';
import { fleetScaler } from '../../src/aws/fleet';
import { journalReader } from '../../src/aws/journal';
import { lock } from '../../src/aws/lock';
import type { Held } from '../../src/aws/lock-row';
import { measurer } from '../../src/aws/measures';
import { recordReader, recordWriter, workerRecord } from '../../src/aws/record';
import { reports } from '../../src/aws/reports';
import { allSettings } from '../../src/aws/settings';
import { stack } from '../../src/aws/stack';
import { standingReader } from '../../src/aws/standing';
import { handover, lockReader } from '../../src/aws/takeover';
import { workerReader } from '../../src/aws/workers';
import { beyondDeadline, limitsOf } from '../../src/domain/measures/deadlines';
import { sinceItsLastEnd } from '../../src/domain/measures/deployment';
import { progressOf } from '../../src/domain/recovery/progress';
import { reconcile as decide, RECOVERIES, recoveryName } from '../../src/domain/recovery/reconcile';
import { reportOf, serviceOf } from '../../src/domain/report';
import type { Recovery } from '../../src/domain/report/told';
import { rollbackCommand } from '../../src/domain/rollback/command';
import { readSettings } from '../../src/domain/settings/stored';
import type { Opened } from '../../src/domain/step/port';
import { RETIREMENT } from '../../src/domain/traffic/retirement';
import { defineBackground } from '../../src/runtime/define-background';
import { plain } from '../../src/runtime/log';

const uses = {
  allSettings,
  lockReader,
  executionReader,
  executionStarter,
  handover,
  people,
  stack,
  lock,
  recordReader,
  recordWriter,
  standingReader,
  fleetScaler,
  workerRecord,
  workerReader,
  events,
  journalReader,
  reports,
  measurer,
};
/** What it needs of a service's settings to resume its deployments: also those that an older version wrote. */
const named = z.object({ service: z.string() });

/** So many services are read with one call each of the load balancer and of Application Auto Scaling. */
const AT_ONCE = 10;

/** The event of an execution that has ended; the schedule's has none. */
const ending = z.object({
  // the input is left out where it is long
  detail: z.object({ executionArn: z.string(), input: z.optional(z.nullable(z.string())) }),
});
/** What an execution was started with that goes on with another one's deployment. */
const resuming = z.object({ deploymentId: z.string() });

/** Why an execution is started that goes on with a deployment. */
const UNENDED = 'its execution is over and it had come to no end';

/** A deployment has the name of its first execution. */
function deploymentOf({ executionArn, input }: z.infer<typeof ending>['detail']): string {
  const name = executionArn.split(':').at(-1) ?? '';
  try {
    return resuming.safeParse(JSON.parse(input ?? '{}')).data?.deploymentId ?? name;
  } catch {
    return name;
  }
}

/** An execution that was stopped, or that could not write its report, leaves this one. */
async function report(deployment: string, next: Recovery | undefined, ports: Opened<typeof uses>) {
  const rows = await ports.journalReader.rows(deployment);
  const service = serviceOf(rows);
  if (rows.length > 0)
    await ports.reports.write(deployment, async () =>
      reportOf(deployment, rows, (service && (await ports.recordReader.read(service))) || null, next),
    );
}

/** What only somebody who looks from beside can measure: a deployment that hangs does not say so itself. */
async function measure(service: string, held: Held, ports: Opened<typeof uses>, now: Date): Promise<void> {
  const rows = await ports.journalReader.rows(held.holder);
  const limits = limitsOf(rows);
  const late = limits ? beyondDeadline(sinceItsLastEnd(rows), limits, now) : [];
  const measures = {
    ...(Date.parse(held.expires) < now.getTime() && { LocksBeyondLease: 1 }),
    ...(late.length > 0 && { PhasesBeyondDeadline: late.length }),
  };
  if (Object.keys(measures).length > 0) ports.measurer.tell(measures, { service, at: now });
}

async function look(text: string, ended: string | undefined, ports: Opened<typeof uses>, now: Date) {
  const { service } = named.parse(JSON.parse(text));
  const held = await ports.lockReader.read(service);
  // a function that was ended in the middle of its work leaves it behind
  if (held?.holder === RETIREMENT && Date.parse(held.expires) < now.getTime())
    await ports.lock.release(service, RETIREMENT, held.execution);
  if (held?.holder === RETIREMENT) return { service, do: 'nothing', because: 'tasks are being scaled' };
  if (!held) return { service, do: 'nothing', because: 'no deployment holds the lock' };
  const names = Array.from({ length: RECOVERIES }, (_, index) => recoveryName(held.holder, index + 1));
  const own = names.map(ports.executionStarter.arnOf);
  // Step Functions answers fifteen questions a second, so the end of one deployment is no reason to ask about all others
  if (ended !== undefined && ![held.execution, ...own].includes(ended))
    return { service, do: 'nothing', because: 'another execution has ended' };
  const driver = await ports.executionReader.state(held.execution);
  const recoveries = driver === 'running' ? [] : await Promise.all(own.map(ports.executionReader.state));
  const decision = decide({ held, driver, recoveries, now });
  if (decision.do === 'recover') {
    const name = recoveryName(held.holder, decision.attempt);
    await ports.executionStarter.start(name, {
      resume: 'recover',
      deploymentId: held.holder,
      requestedBy: 'Reconcile',
      reason: UNENDED,
    });
    // who looks at the execution that was stopped sees nothing of it there
    await ports.people.tell(
      `${service}: deployment ${held.holder} is resumed`,
      `${UNENDED} (${held.execution}); it goes on in ${ports.executionStarter.arnOf(name)}`,
      held.holder,
    );
  }
  // the first to say so tells people, however many look
  if (decision.do === 'tell' && (await ports.handover.toPeople(service, held.holder, held.execution))) {
    ports.measurer.tell({ NeedsOperator: 1 }, { service, at: now });
    await ports.people.tell(
      `${service}: deployment ${held.holder} needs an operator`,
      `its executions are over, ${RECOVERIES} recoveries did not bring it to an end, and the lock of ${service} is kept; see what stopped ${held.execution}, and then: ${rollbackCommand(held.holder, ports.stack.name)}`,
    );
  }
  await measure(service, held, ports, now);
  return { service, holder: held.holder, ...decision };
}

/** What waits for a window holds no lock by which it could be found: its event alone tells that it will not begin. */
async function endWait(deployment: string, ended: string, ports: Opened<typeof uses>): Promise<void> {
  const progress = progressOf(await ports.journalReader.rows(deployment));
  if (!progress?.waits || progress.deployment.execution !== ended) return;
  await ports.executionStarter.start(recoveryName(deployment, 1), {
    resume: 'recover',
    deploymentId: deployment,
    requestedBy: 'Reconcile',
    reason: 'its execution is over while it waited for a window',
  });
}

const nextOf = (
  { holder, attempt }: { holder: string; attempt: number },
  { executionStarter }: Opened<typeof uses>,
  now: Date,
): Recovery => ({
  at: now.toISOString(),
  execution: executionStarter.arnOf(recoveryName(holder, attempt)),
  because: UNENDED,
});

/** Where no deployment is at work slots and workers are what the last one has recorded, unless somebody else has changed them. */
async function between(texts: readonly string[], ports: Opened<typeof uses>, now: Date) {
  const read = texts.map((text) => readSettings(text, 'settings'));
  const all = read.flatMap((one) => ('settings' in one ? [one.settings] : []));
  const looks: PromiseSettledResult<{ service: string; do: string; because: string }>[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE);
    // one after the other: both want the lock where they have something to say
    const slots = await keepAsRecorded(ports, some, now);
    const workers = await Promise.allSettled(some.map((settings) => compareWorkers(ports, settings, now)));
    for (const [index, one] of [...slots, ...workers].entries()) {
      const { service } = some[index % some.length]!;
      if (one.status === 'rejected') looks.push(one);
      else if (one.value !== '')
        looks.push({ status: 'fulfilled', value: { service, do: 'tell', because: one.value } });
    }
  }
  return looks;
}

/**
 * Looks after the service whose execution ended badly when its event tells so, which may get lost, and after every service
 * on a schedule, which does not.
 */
export const reconcile = defineBackground({
  name: 'Reconcile',
  comment:
    'Finds deployments that came to no end, and resumes them; between deployments, slots and workers that are not as recorded.',
  triggers: ['executionFailed', 'schedule'],
  uses,
  async run(event, ports, now) {
    const detail = ending.safeParse(event).data?.detail;
    const ended = detail?.executionArn;
    const services = await ports.allSettings.all();
    const own = await Promise.allSettled(services.map((text) => look(text, ended, ports, now)));
    const free = services.filter((_, index) => {
      const done = own[index];
      return ended === undefined && done?.status === 'fulfilled' && !('holder' in done.value);
    });
    const looks = [...own, ...(await between(free, ports, now))];
    const deployment = detail && deploymentOf(detail);
    const resumed = own.flatMap((done) =>
      done.status === 'fulfilled' && 'attempt' in done.value && done.value.holder === deployment
        ? [done.value]
        : [],
    )[0];
    if (deployment !== undefined && ended !== undefined && !resumed) await endWait(deployment, ended, ports);
    if (deployment !== undefined) await report(deployment, resumed && nextOf(resumed, ports, now), ports);
    for (const one of looks)
      if (one.status === 'fulfilled' && one.value.do !== 'nothing')
        ports.measurer.tell({ ReconcilerFindings: 1 }, { service: one.value.service, at: now });
    // only now: a service that cannot be looked at keeps nobody away from the others
    const failed = looks.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    return looks.flatMap((done) => (done.status === 'fulfilled' ? [done.value] : []));
  },
  tell: (looks) =>
    looks.map((look) => ({
      deploymentId: 'holder' in look ? look.holder : undefined,
      decision: plain(look),
    })),
});
