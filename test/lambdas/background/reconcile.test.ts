import { reconcile } from '../../../lambdas/background/reconcile';
import type { ExecutionState } from '../../../src/domain/recovery/reconcile';
import type { FoundSlots } from '../../../src/domain/traffic/drift';
import { exampleSettings } from '../../input/parser';

const now = new Date('2026-11-21T10:00:00Z');

/** Journals without rows, reports that nobody reads, and measures. */
const beside = () => {
  const measured: object[] = [];
  return {
    measured,
    ports: {
      journalReader: { rows: async () => [] },
      reports: { write: async () => {} },
      measurer: { tell: (measures: object) => measured.push(measures) },
    },
  };
};

/** Wakes the function in an account with these services, whose locks say which execution drives their deployment. */
async function wake(drivers: Record<string, ExecutionState | 'unreadable'>, event: object = {}) {
  const described: string[] = [];
  const started: string[] = [];
  const { measured, ports: others } = beside();
  const ports = {
    ...others,
    allSettings: { all: async () => Object.keys(drivers).map((service) => JSON.stringify({ service })) },
    lockReader: {
      read: async (service: string) => ({
        ...{ holder: `${service}-1`, execution: `arn:${service}-1`, stamp: '', fence: 1 },
        ...{ expires: '2026-11-21T09:00:00Z', stuck: false },
      }),
    },
    executionReader: {
      state: async (arn: string): Promise<ExecutionState> => {
        described.push(arn);
        const driver = drivers[arn.replace(/^arn:|-1$/g, '')];
        if (driver === 'unreadable') throw new Error('throttled');
        return driver ?? 'unknown';
      },
    },
    executionStarter: {
      arnOf: (name: string) => `arn:${name}`,
      start: async (name: string) => {
        started.push(name);
      },
    },
    handover: { toPeople: async () => false },
    people: { tell: async () => {} },
  };
  const woken = reconcile.run(event, ports as unknown as Parameters<typeof reconcile.run>[1], now);
  return { woken, described, started, measured };
}

test('of deployments that run one question is asked each, however many there are', async () => {
  const services = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`s${n}`, 'running' as const]));
  const { woken, described, started } = await wake(services);
  await woken;
  expect(described).toHaveLength(200);
  expect(started).toEqual([]);
});

test('a service that cannot be looked at keeps nobody away from the others, and is told', async () => {
  const { woken, started, measured } = await wake({ a: 'unreadable', b: 'over' });
  await expect(woken).rejects.toThrow('throttled');
  expect(started).toEqual(['b-1-recover-1']);
  // the lease of b's lock is over
  expect(measured).toEqual([{ LocksBeyondLease: 1 }, { ReconcilerFindings: 1 }]);
});

test.each(['arn:b-1', 'arn:b-1-recover-1'])(
  'the end of %s is a reason to ask about its own deployment, and about no other',
  async (executionArn) => {
    const { woken, described, started } = await wake(
      { a: 'over', b: 'over', c: 'running' },
      { detail: { executionArn, status: 'FAILED' } },
    );
    await woken;
    expect(described.filter((arn) => !arn.startsWith('arn:b-1'))).toEqual([]);
    expect(started).toEqual(['b-1-recover-1']);
  },
);

describe('between deployments', () => {
  const settings = exampleSettings();
  const recorded = { slot: 'a' as const, weights: { a: 100, b: 0 }, tasks: 2, taskDefinition: 'shop:1' };
  const standing = (desired: number): FoundSlots => ({
    rule: { weights: { a: 100, b: 0 } },
    fleets: { a: { taskDefinition: 'shop:1', desired }, b: { taskDefinition: 'shop:1', desired: 0 } },
    bounds: {},
  });

  /** Services by name, with how many tasks their live slot wants; undefined where that cannot be read. */
  async function look(services: Record<string, number | undefined>, busy: readonly string[] = []) {
    const read: number[] = [];
    const scaled: string[] = [];
    const told: string[] = [];
    const ports = {
      ...beside().ports,
      allSettings: {
        all: async () => Object.keys(services).map((service) => JSON.stringify({ ...settings, service })),
      },
      lockReader: { read: async () => undefined },
      lock: {
        acquire: async (service: string) => ({ acquired: !busy.includes(service) }),
        release: async () => {},
      },
      recordReader: { read: async () => recorded },
      recordWriter: { write: async () => {} },
      standingReader: {
        of: async (all: readonly { service: string }[]) => {
          read.push(all.length);
          return all.map(({ service }) => {
            const desired = services[service];
            if (desired === undefined) throw new Error('the rule is gone');
            return standing(desired);
          });
        },
      },
      fleetScaler: {
        scale: async (_cluster: string, _service: string, tasks: number) => {
          scaled.push(String(tasks));
        },
      },
      people: {
        tell: async (subject: string) => {
          told.push(subject);
        },
      },
      events: { put: async () => {} },
    };
    const woken = reconcile.run({}, ports as unknown as Parameters<typeof reconcile.run>[1], now);
    return { woken, read, scaled, told };
  }
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`s${n}`, 2]));

  test('the slots of many services are read together, ten at a time', async () => {
    const { woken, read, told } = await look(many(25));
    await woken;
    expect([read, told]).toEqual([[10, 10, 5], []]);
  });

  test('a slot that lost tasks is read again before it gets them back', async () => {
    const { woken, read, scaled, told } = await look({ ...many(3), shop: 1 });
    await woken;
    expect([read, scaled, told]).toEqual([[4, 1], ['2'], ['shop: a slot is not as recorded']]);
  });

  test('a deployment that has begun meanwhile keeps it away', async () => {
    const { woken, scaled, told } = await look({ shop: 0 }, ['shop']);
    await woken;
    expect([scaled, told]).toEqual([[], []]);
  });

  test('one that cannot be read keeps nobody away from the others, and is told', async () => {
    const { woken, read, told } = await look({ ...many(2), gone: undefined, shop: 1 });
    await expect(woken).rejects.toThrow('the rule is gone');
    expect([read, told]).toEqual([[4, 1, 1, 1, 1, 1], ['shop: a slot is not as recorded']]);
  });
});
