import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import type { World } from './world';
import { until } from './world/ground';

/** How often somebody looks or publishes, in ms of real time. */
const PAUSE_MS = 50;

/** Whoever watches the shop's pages from outside, as CloudWatch Synthetics would, and publishes what they were like. */
export interface Watcher {
  stop(): Promise<void>;
}

const PAGES = { namespace: 'Shop', name: 'PagesWithoutPrice' };

/** Repeats something until it is stopped. */
function repeat(work: () => Promise<void>): Watcher {
  let on = true;
  const working = (async () => {
    while (on) {
      await work();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  return {
    async stop() {
      on = false;
      await working;
    },
  };
}

/** Publishes what pages were like, at a resolution of a second: each for the shop as a whole, or for a slot of it. */
async function publish(client: CloudWatchClient, pages: { withoutPrice: boolean; slot?: string }[]) {
  const data = pages.map(({ withoutPrice, slot }) => ({
    MetricName: PAGES.name,
    Value: Number(withoutPrice),
    StorageResolution: 1,
    Dimensions: slot === undefined ? undefined : [{ Name: 'Slot', Value: slot }],
  }));
  await client.send(new PutMetricDataCommand({ Namespace: PAGES.namespace, MetricData: data }));
}

/** So many pages at a time: enough of each slot for every period of ten seconds. */
const AT_ONCE = 5;

/**
 * Asks for pages all the time as users do, and publishes which came without a price.
 * @param slots which slot a version answers from
 */
export function watchPages(world: World, slots: Record<string, 'a' | 'b'>): Watcher {
  const client = new CloudWatchClient(world.aws);
  let page = 0;
  const look = async () => {
    const response = await fetch(`${world.url}/products/${1 + (page++ % 500)}`);
    const slot = slots[response.headers.get('x-version') ?? ''];
    const { price_cents } = (await response.json()) as { price_cents?: unknown };
    const withoutPrice = typeof price_cents !== 'number';
    return slot ? [{ withoutPrice }, { withoutPrice, slot }] : [];
  };
  return repeat(async () => {
    const seen = (await Promise.all(Array.from({ length: AT_ONCE }, look))).flat();
    if (seen.length > 0) await publish(client, seen);
  });
}

/** Somebody's page comes without a price all the time. */
export function pagesWithoutPrice(world: World): Watcher {
  const client = new CloudWatchClient(world.aws);
  return repeat(() => publish(client, [{ withoutPrice: true }]));
}

/** The alarm of the example. */
export function alarmOf({ aws, settings }: World) {
  const client = new CloudWatchClient(aws);
  const [name = ''] = settings.evidence.alarms;
  const described = async () =>
    (await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0];
  const state = async () => (await described())?.StateValue;
  return {
    name,
    /** Resolves once it is in a state. */
    becomes: (wanted: StateValue) => until(async () => (await state()) === wanted || undefined),
    /** Somebody deletes it; the result puts it back. */
    async remove() {
      const alarm = await described();
      await client.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
      return async () => {
        const { AlarmName, EvaluationPeriods, ComparisonOperator, ...more } = alarm ?? {};
        await client.send(
          new PutMetricAlarmCommand({ ...more, AlarmName, EvaluationPeriods, ComparisonOperator }),
        );
      };
    },
    /** Somebody tries it out: it goes off, and is put back to its actual state by the next evaluation. */
    async tryOut() {
      const reason = 'somebody tries it out';
      await client.send(
        new SetAlarmStateCommand({ AlarmName: name, StateValue: 'ALARM', StateReason: reason }),
      );
      await until(async () => (await state()) === 'OK' || undefined);
    },
  };
}
