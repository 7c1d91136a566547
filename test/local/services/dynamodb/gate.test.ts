import { Gate } from '../../../../local/services/dynamodb/gate';

/** Work that notes when it begins and ends, and ends when the test says so. */
function recorder() {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    log.push(`${name} ends`);
  };
  const end = async (name: string) => {
    ends.get(name)!();
    await new Promise(setImmediate);
  };
  return { log, work, end, settle: () => new Promise(setImmediate) };
}

it('lets shared users in together, and an exclusive one only when they are gone', async () => {
  const { log, work, end, settle } = recorder();
  const gate = new Gate();
  void gate.share(work('a'));
  void gate.share(work('b'));
  const alone = gate.alone(work('transaction'));
  await settle();
  expect(log).toEqual(['a begins', 'b begins']);
  await end('a');
  expect(log).not.toContain('transaction begins');
  await end('b');
  expect(log.at(-1)).toBe('transaction begins');
  await end('transaction');
  await alone;
});

it('keeps everybody out while an exclusive user is in', async () => {
  const { log, work, end, settle } = recorder();
  const gate = new Gate();
  void gate.alone(work('first'));
  void gate.share(work('reader'));
  void gate.alone(work('second'));
  await settle();
  expect(log).toEqual(['first begins']);
  await end('first');
  expect(log).toEqual(['first begins', 'first ends', 'reader begins']);
  await end('reader');
  expect(log.at(-1)).toBe('second begins');
  await end('second');
});

it('goes on after a failure, which reaches its own caller only', async () => {
  const gate = new Gate();
  const fail = async () => {
    throw new Error('refused');
  };
  const failures = [gate.alone(fail), gate.share(fail)];
  const after = gate.alone(async () => 'done');
  expect((await Promise.allSettled(failures)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await after).toBe('done');
});
