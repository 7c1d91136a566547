import * as z from 'zod/mini';
import { fleetReader, fleetScaler } from '../../src/aws/fleet';
import { metrics } from '../../src/aws/metrics';
import { taskProtection } from '../../src/aws/protection';
import { boundsReader, minimumSetter } from '../../src/aws/scaling';
import { silence } from '../../src/aws/silence';
import { stopSlot, whatKeeps } from '../../src/aws/slots';
import { weightsReader } from '../../src/aws/traffic';
import { judgeWriters } from '../../src/domain/database/maintenance-window';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { stopWritersResult } from '../../src/domain/results/close';
import { serviceIn, slotsIn } from '../../src/domain/settings/slots';
import { nextShortPoll, overdue } from '../../src/domain/time/deadline';
import { readable } from '../../src/postgres/readable';
import { sessions } from '../../src/postgres/sessions';
import { defineStep } from '../../src/runtime/define-step';

export const stopWriters = defineStep({
  name: 'StopWriters',
  uses: {
    weightsReader,
    metrics,
    fleetReader,
    fleetScaler,
    boundsReader,
    minimumSetter,
    taskProtection,
    sessions,
  },
  fence: 'forward',
  input: z.object({ deployment: checkedDeployment, closedAt: z.iso.datetime() }),
  output: stopWritersResult,
  async run({ deployment: { settings }, closedAt, now }, ports) {
    const { cluster } = settings;
    const late = overdue(closedAt, now, settings.maintenance?.closeSeconds ?? 0);
    const proof = await silence(ports, settings, now);
    const kept: string[] = [];
    let tasks = 0;
    // the other slot as well: it may still stand by for a rollback of the deployment before
    for (const slot of slotsIn(settings)) {
      const service = serviceIn(settings, slot);
      const fleet = await ports.fleetReader.state(cluster, service);
      tasks += fleet?.running ?? 0;
      if (late && fleet && fleet.running > 0) kept.push(await whatKeeps(ports, settings, slot, fleet));
      if (!fleet || fleet.desired === 0) continue;
      const decision = await proof.of(slot, 'page', closedAt);
      if (decision.yes) await stopSlot(ports, settings, slot, { closed: true });
      else kept.push(`${service} keeps running: ${decision.because}`);
    }

    const idle = kept.length === 0 && tasks === 0;
    const look = idle ? readable(await ports.sessions.clients(settings.database.secret)) : { sessions: {} };
    return {
      ...judgeWriters({ kept, tasks: late ? 0 : tasks, sessions: look.sessions, late }),
      waitSeconds: nextShortPoll(closedAt, now),
    };
  },
});
