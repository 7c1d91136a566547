import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { claims, journalReader } from '../../src/aws/journal';
import { lock } from '../../src/aws/lock';
import { lastWindow } from '../../src/aws/record';
import { settings as settingsStore, windowsNow } from '../../src/aws/settings';
import { lockReader } from '../../src/aws/takeover';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { readAs } from '../../src/domain/report/read';
import { awaitWindowResult } from '../../src/domain/results/approve';
import { LockLost } from '../../src/domain/step/errors';
import type { Opened } from '../../src/domain/step/port';
import { HELD_LOOK_SECONDS } from '../../src/domain/time/limits';
import { announcementText, expectedSeconds } from '../../src/domain/windows/announcement';
import { mayBegin } from '../../src/domain/windows/may-begin';
import { waitedFor, weighedSchema, weightOf } from '../../src/domain/windows/waited';
import { defineStep } from '../../src/runtime/define-step';

const uses = { settingsStore, lock, lockReader, claims, journalReader, lastWindow, events, people };

/** Waits without the lock: what is urgent is not held by what has time. */
export const awaitWindow = defineStep({
  name: 'AwaitWindow',
  uses,
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    plan: z.nullable(weighedSchema),
    approval: z.object({ needed: z.boolean(), given: z.boolean() }),
    /** When the deployment was asked for. */
    since: z.iso.datetime(),
  }),
  output: awaitWindowResult,
  async run({ deployment, live, plan, approval, since, execution, now }, ports) {
    const { id, settings, strategy, notBefore, outsideWindow } = deployment;
    const { service } = settings;
    const [held, awaited] = await Promise.all([
      ports.lockReader.read(service),
      ports.claims.claimed(id, 'awaited'),
    ]);
    const isMine = held?.holder === id && held.execution === execution;
    if (!isMine && !awaited)
      throw new LockLost(`deployment ${id} no longer holds the lock of ${service}, and did not give it back`);
    const windows = await windowsNow(ports.settingsStore, settings);
    const aheadSeconds = strategy === 'MAINTENANCE' ? windows.announceSeconds : 0;
    const announced = aheadSeconds > 0 ? await announcedBefore(id, ports) : null;
    const answer = mayBegin({
      ...{ windows, notBefore, outsideWindow, since, now, aheadSeconds },
      weight: weightOf(deployment, plan),
      announcedFor: announced,
    });
    const result = { opensAt: null, announcedFor: announced, waitSeconds: 0, cause: answer.because };
    if (answer.may === 'not')
      return { ...result, status: 'closed' as const, cause: `${answer.because}; nothing was changed` };

    const startsAt = answer.may === 'later' ? answer.at : now.toISOString();
    const announcedFor =
      aheadSeconds > 0 && (announced === null || (answer.may === 'later' && announced !== startsAt))
        ? await announce(deployment, startsAt, windows.timeZone, ports)
        : announced;
    if (answer.may === 'now')
      return { ...result, announcedFor, status: isMine ? ('open' as const) : ('again' as const) };

    const stands = waitedFor(deployment, live, plan, approval.needed || approval.given);
    if (!awaited)
      await ports.events.put('DeploymentHeld', {
        deployment: id,
        service,
        until: startsAt,
        because: answer.because,
      });
    await ports.claims.claim(id, 'awaited', stands);
    // last: from here on somebody else may deploy
    if (isMine) await ports.lock.release(service, id, execution);
    const left = Math.ceil((Date.parse(startsAt) - now.getTime()) / 1000);
    return {
      ...{ status: 'waiting' as const, opensAt: startsAt, announcedFor, cause: answer.because },
      waitSeconds: Math.min(left, HELD_LOOK_SECONDS),
    };
  },
});

/** For when people were told last that it closes the service. */
async function announcedBefore(id: string, ports: Opened<typeof uses>): Promise<string | null> {
  const rows = await ports.journalReader.rows(id);
  return rows.map((row) => readAs('AwaitWindow', row)?.announcedFor).findLast(Boolean) ?? null;
}

async function announce(
  deployment: Deployment,
  startsAt: string,
  timeZone: string,
  ports: Opened<typeof uses>,
): Promise<string> {
  const { id, settings } = deployment;
  const { service } = settings;
  const expected = { asked: deployment.expectedSeconds, last: await ports.lastWindow.read(service) };
  await ports.events.put('MaintenanceAnnounced', {
    deployment: id,
    service,
    startsAt,
    expectedSeconds: expectedSeconds(expected),
    reason: deployment.reason,
  });
  await ports.people.tell(
    `${service}: maintenance is announced`,
    announcementText(deployment, startsAt, expected, timeZone),
    id,
  );
  return startsAt;
}
