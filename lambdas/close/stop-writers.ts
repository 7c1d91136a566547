import * as z from 'zod/mini';
import { fleetReader, fleetScaler } from '../../src/aws/fleet';
import { metrics } from '../../src/aws/metrics';
import { weightsReader } from '../../src/aws/traffic';
import { judgeWriters } from '../../src/domain/database/maintenance-window';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { stopWritersResult } from '../../src/domain/results/close';
import { SLOTS } from '../../src/domain/settings/choices';
import { TransientFault } from '../../src/domain/step/errors';
import { nextShortPoll, overdue, secondsSince } from '../../src/domain/time/deadline';
import { mayScaleDown } from '../../src/domain/traffic/scale-down';
import { sessions } from '../../src/postgres/sessions';
import { defineStep } from '../../src/runtime/define-step';

export const stopWriters = defineStep({
  name: 'StopWriters',
  uses: { weightsReader, metrics, fleetReader, fleetScaler, sessions },
  acts: 'forward',
  input: z.object({ deployment: checkedDeployment, closedAt: z.iso.datetime() }),
  output: stopWritersResult,
  async run({ deployment: { settings }, closedAt, now }, ports) {
    const { cluster, soakSeconds } = settings;
    const rule = await ports.weightsReader.of(settings.traffic.productionRule, settings);
    const soakStart = new Date(now.getTime() - soakSeconds * 1000);
    const onPage = await ports.metrics.answers(settings, 'page', soakStart, now);
    const kept: string[] = [];
    let tasks = 0;
    // the other slot as well: it may still stand by for a rollback of the deployment before
    for (const slot of SLOTS) {
      const { service } = settings.slots[slot];
      const fleet = await ports.fleetReader.state(cluster, service);
      tasks += fleet?.running ?? 0;
      if (!fleet || fleet.desired === 0) continue;
      const own = await ports.metrics.answers(settings, slot, soakStart, now);
      const decision = mayScaleDown({
        weight: 'weights' in rule ? rule.weights[slot] : Number.POSITIVE_INFINITY,
        sinceChange: secondsSince(closedAt, now),
        soakSeconds,
        requests: own.requests,
        otherRequests: onPage.requests,
      });
      if (decision.yes) await ports.fleetScaler.scale(cluster, service, 0);
      else kept.push(`${service} keeps running: ${decision.because}`);
    }

    const idle = kept.length === 0 && tasks === 0;
    const look = idle ? await ports.sessions.clients(settings.database.secret) : { sessions: {} };
    if ('unreachable' in look) throw new TransientFault(`the database cannot be read: ${look.unreachable}`);
    const closeSeconds = settings.maintenance?.closeSeconds ?? 0;
    const late = overdue(closedAt, now, closeSeconds);
    return {
      ...judgeWriters({ kept, tasks, sessions: look.sessions, late }),
      waitSeconds: nextShortPoll(closedAt, now),
    };
  },
});
