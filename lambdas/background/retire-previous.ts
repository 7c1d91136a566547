import { fleetReader, fleetScaler } from '../../src/aws/fleet';
import { lock } from '../../src/aws/lock';
import { metrics } from '../../src/aws/metrics';
import { type Live, recordReader, recordWriter } from '../../src/aws/record';
import { boundsReader, minimumSetter } from '../../src/aws/scaling';
import { allSettings } from '../../src/aws/settings';
import { silence } from '../../src/aws/silence';
import { endSlot } from '../../src/aws/slots';
import { weightsReader } from '../../src/aws/traffic';
import type { Settings } from '../../src/domain/settings/settings';
import { serviceIn, slotBeside } from '../../src/domain/settings/slots';
import { readSettings } from '../../src/domain/settings/stored';
import type { Opened } from '../../src/domain/step/port';
import { FUNCTION_TIMEOUT_SECONDS } from '../../src/domain/time/limits';
import { RETIREMENT, retires } from '../../src/domain/traffic/retirement';
import { defineBackground } from '../../src/runtime/define-background';

const uses = {
  allSettings,
  lock,
  recordReader,
  recordWriter,
  weightsReader,
  metrics,
  fleetReader,
  fleetScaler,
  boundsReader,
  minimumSetter,
};
const me = { holder: RETIREMENT, execution: RETIREMENT, stamp: RETIREMENT };

async function stop(
  settings: Settings,
  record: Live,
  ports: Opened<typeof uses>,
  now: Date,
): Promise<string> {
  const slot = slotBeside(settings, record.slot);
  if (!slot) return 'there is no second slot';
  const service = serviceIn(settings, slot);
  const fleet = await ports.fleetReader.state(settings.cluster, service);
  let told = `${service} runs no tasks`;
  if (fleet && fleet.desired > 0) {
    const proof = await silence(ports, settings, now);
    const changedAt = record.releasedAt ?? record.warmUntil ?? now.toISOString();
    const decision = await proof.of(slot, record.slot, changedAt);
    if (!decision.yes) return `${service} keeps running: ${decision.because}`;
    const silent = { slot, desired: fleet.desired, changedAt, now };
    const { over, because } = await endSlot(ports, settings, silent, async (drain) => {
      if (record.draining) return record.draining;
      await ports.recordWriter.write(settings.service, { ...record, draining: drain });
      return drain;
    });
    if (!over) return because;
    told = because;
  }
  await ports.recordWriter.write(settings.service, { ...record, warmUntil: undefined, draining: undefined });
  return told;
}

async function look(settings: Settings, ports: Opened<typeof uses>, now: Date) {
  const { service } = settings;
  const due = await ports.recordReader.read(service);
  if (!due || !retires(due, now)) return { service, because: 'nothing is kept running beyond its time' };
  // a deployment that starts at this moment waits for it, and one that runs keeps it away
  const { acquired } = await ports.lock.acquire(service, me, now, FUNCTION_TIMEOUT_SECONDS);
  if (!acquired) return { service, because: 'a deployment is at work' };
  try {
    const record = await ports.recordReader.read(service);
    if (!record || !retires(record, now)) return { service, because: 'somebody else was faster' };
    return { service, because: await stop(settings, record, ports, now) };
  } finally {
    await ports.lock.release(service, RETIREMENT, RETIREMENT);
  }
}

export const retirePrevious = defineBackground({
  name: 'RetirePrevious',
  comment: 'Stops the previous version once it need not be kept warm any longer and receives nothing.',
  triggers: ['schedule'],
  uses,
  async run(_event, ports, now) {
    const services = (await ports.allSettings.all()).map((text) => readSettings(text, 'settings'));
    const readable = services.flatMap((read) => ('settings' in read ? [read.settings] : []));
    const looks = await Promise.all(readable.map((settings) => look(settings, ports, now)));
    // only now: a service whose settings cannot be read keeps nobody away from the others
    const problems = services.flatMap((read) => ('problems' in read ? read.problems : []));
    if (problems.length > 0) throw new Error(problems.join('; '));
    return looks;
  },
  tell: (looks) => looks.map((decision) => ({ decision })),
});
