import { completion } from '../../src/aws/completion';
import { type FenceMode, fence, lock } from '../../src/aws/lock';
import { recordReader } from '../../src/aws/record';
import { handover, lockReader, takeover } from '../../src/aws/takeover';
import { suiteTables } from './suite-table';

const tables = suiteTables();

const now = new Date('2026-05-01T12:00:00Z');
const first = { holder: 'first', execution: 'arn:first', stamp: '2026-05-01T11:50:00.000Z#first' };
const second = { holder: 'second', execution: 'arn:second', stamp: '2026-05-01T11:55:00.000Z#second' };
const third = { holder: 'third', execution: 'arn:third', stamp: '2026-05-01T11:56:00.000Z#third' };

async function account(table: string) {
  await tables.lead();
  const environment = await tables.make(table);
  return {
    lock: lock.open(environment),
    fence: fence.open(environment),
    reader: lockReader.open(environment),
    takeover: takeover.open(environment),
    handover: handover.open(environment),
    completion: completion.open(environment),
    record: recordReader.open(environment),
  };
}
const lease = (mode: FenceMode) => ({ now, seconds: 3600, mode });

it('gives the lock to one of many that ask at once, and answers it the same again', async () => {
  const { lock } = await account('one');
  const rivals = Array.from({ length: 6 }, (_, index) => ({
    holder: `d${index}`,
    execution: `arn:d${index}`,
    stamp: `2026#d${index}`,
  }));
  const taken = await Promise.all(rivals.map((who) => lock.acquire('shop', who, now, 3600)));
  const winners = rivals.filter((_, index) => taken[index]!.acquired);
  expect(winners).toHaveLength(1);
  expect(await lock.acquire('shop', winners[0]!, now, 3600)).toEqual({ acquired: true, fence: 1 });
});

it('does not give away a lock whose lease has ended', async () => {
  const { lock } = await account('ended');
  await lock.acquire('shop', first, now, 60);
  const later = new Date(now.getTime() + 3_600_000);
  expect(await lock.acquire('shop', second, later, 60)).toMatchObject({
    acquired: false,
    held: { holder: 'first', expires: '2026-05-01T12:01:00.000Z' },
  });
});

it('renews the lease with every step that acts', async () => {
  const { lock, fence, reader } = await account('renewed');
  await lock.acquire('shop', first, now, 60);
  await fence.check('shop', 'first', 1, lease('renew'));
  expect((await reader.read('shop'))?.expires).toBe('2026-05-01T13:00:00.000Z');
});

it('refuses whatever an earlier driver does once the deployment was taken over, and lets it not free the lock', async () => {
  const { lock, fence, takeover, reader, completion } = await account('zombie');
  await lock.acquire('shop', first, now, 60);
  const seen = await reader.read('shop');
  const taken = await takeover.take('shop', 'first', 'arn:recovery', seen, { now, seconds: 60 });
  expect(taken).toEqual({ service: 'shop', fence: 2 });
  // again, as a retry does
  expect(await takeover.take('shop', 'first', 'arn:recovery', seen, { now, seconds: 60 })).toEqual(taken);
  await expect(fence.check('shop', 'first', 1, lease('renew'))).rejects.toThrow(
    'deployment first no longer holds the lock of shop under number 1; first holds it under number 2',
  );
  await lock.release('shop', 'first', 'arn:first');
  const live = { slot: 'b' as const, weights: { a: 0, b: 100 }, deployment: 'first' };
  await expect(completion.complete('shop', live, 'arn:first')).rejects.toThrow('no longer holds the lock');
  expect(await reader.read('shop')).toMatchObject({ holder: 'first', execution: 'arn:recovery' });
});

it('lets one of two executions take over that saw the same', async () => {
  const { lock, takeover, reader } = await account('two');
  await lock.acquire('shop', first, now, 60);
  const seen = await reader.read('shop');
  const taken = await Promise.all(
    ['arn:x', 'arn:y'].map((execution) =>
      takeover.take('shop', 'first', execution, seen, { now, seconds: 60 }),
    ),
  );
  expect(taken.filter(Boolean)).toEqual([{ service: 'shop', fence: 2 }]);
});

it('does not take over what was left to people since it was looked at', async () => {
  const { lock, takeover, handover, reader } = await account('told');
  await lock.acquire('shop', first, now, 60);
  const seen = await reader.read('shop');
  expect(await handover.toPeople('shop', 'first', 'arn:first')).toBe(true);
  const lease = { now, seconds: 60 };
  expect(await takeover.take('shop', 'first', 'arn:recovery', seen, lease)).toBeUndefined();
  const told = await reader.read('shop');
  expect(await takeover.take('shop', 'first', 'arn:rollback', told, lease)).toEqual({
    service: 'shop',
    fence: 2,
  });
});

it('records what serves and frees the lock, once, however often it is asked', async () => {
  const { lock, reader, completion, record } = await account('complete');
  await lock.acquire('shop', first, now, 60);
  const live = { slot: 'b' as const, weights: { a: 0, b: 100 }, deployment: 'first' };
  await completion.complete('shop', live, 'arn:first');
  expect(await reader.read('shop')).toBeUndefined();
  await lock.acquire('shop', second, now, 60);
  await completion.complete('shop', live, 'arn:first');
  expect(await reader.read('shop')).toMatchObject({ holder: 'second', fence: 2 });
  expect(await record.read('shop')).toEqual(live);
});

it('lets the newest of several supersede a holder that no user has seen, and nobody one that was', async () => {
  const { lock, fence, reader } = await account('superseded');
  await lock.acquire('shop', first, now, 60);
  await Promise.all([second, third].map((by) => lock.supersede('shop', 'first', by)));
  expect((await reader.read('shop'))?.successor).toBe(third.stamp);
  await expect(fence.check('shop', 'first', 1, lease('forward'))).rejects.toThrow(
    'deployment first gives way to third, which was asked for later',
  );
  await expect(fence.check('shop', 'first', 1, lease('commit'))).rejects.toThrow('gives way');
  // the rollback is not barred
  await fence.check('shop', 'first', 1, lease('renew'));
  await lock.release('shop', 'first', 'arn:first');
  expect(await lock.acquire('shop', third, now, 60)).toEqual({ acquired: true, fence: 2 });
  await fence.check('shop', 'third', 2, lease('commit'));
  const fourth = { holder: 'fourth', execution: 'arn:fourth', stamp: '2026-05-01T11:59:00.000Z#fourth' };
  expect(await lock.supersede('shop', 'third', fourth)).toBe(false);
});

it('lets either the holder commit itself or another supersede it, when both happen at once', async () => {
  const { lock, fence } = await account('race');
  for (let round = 1; round <= 10; round++) {
    await lock.acquire('shop', first, now, 60);
    const [committed, superseded] = await Promise.all([
      fence.check('shop', 'first', round, lease('commit')).then(
        () => true,
        () => false,
      ),
      lock.supersede('shop', 'first', second),
    ]);
    expect([round, committed !== superseded]).toEqual([round, true]);
    await lock.release('shop', 'first', 'arn:first');
  }
});

it('hands a deployment to people once, and only by who drives it', async () => {
  const { lock, handover, reader } = await account('people');
  await lock.acquire('shop', first, now, 60);
  expect(await handover.toPeople('shop', 'first', 'arn:other')).toBe(false);
  expect(await handover.toPeople('shop', 'first', 'arn:first')).toBe(true);
  expect(await handover.toPeople('shop', 'first', 'arn:first')).toBe(false);
  expect((await reader.read('shop'))?.stuck).toBe(true);
});
