import { reconcile } from '../../../lambdas/background/reconcile';
import type { ExecutionState } from '../../../src/domain/recovery/reconcile';

const now = new Date('2026-11-21T10:00:00Z');

/** Wakes the function in an account with these services, whose locks say which execution drives their deployment. */
async function wake(drivers: Record<string, ExecutionState | 'unreadable'>, event: object = {}) {
  const described: string[] = [];
  const started: string[] = [];
  const ports = {
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
  return { woken, described, started };
}

test('of deployments that run one question is asked each, however many there are', async () => {
  const services = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`s${n}`, 'running' as const]));
  const { woken, described, started } = await wake(services);
  await woken;
  expect(described).toHaveLength(200);
  expect(started).toEqual([]);
});

test('a service that cannot be looked at keeps nobody away from the others, and is told', async () => {
  const { woken, started } = await wake({ a: 'unreadable', b: 'over' });
  await expect(woken).rejects.toThrow('throttled');
  expect(started).toEqual(['b-1-recover-1']);
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
