import { whenBusy } from '../../../src/domain/lock/busy';

const now = new Date('2026-05-01T12:00:00Z');
const busy = {
  holder: 'first',
  stamp: '2026-05-01T11:50:00.000Z#first',
  expires: '2026-05-01T12:40:00.000Z',
  moved: false,
  stuck: false,
};
const newer = '2026-05-01T11:55:00.000Z#second';
const older = '2026-05-01T11:45:00.000Z#zeroth';

it.each<[string, Parameters<typeof whenBusy>, string | RegExp]>([
  [
    'rejects by default',
    [busy, 'reject', newer, { now, late: undefined, stack: 'Shop' }],
    /^deployment first holds the lock; start again when/,
  ],
  [
    'does not take a lock whose lease has ended',
    [
      { ...busy, expires: '2026-05-01T11:59:00.000Z' },
      'reject',
      newer,
      { now, late: undefined, stack: 'Shop' },
    ],
    /^deployment first left its lock when its lease ended at 2026-05-01T11:59/,
  ],
  ['waits', [busy, 'wait', newer, { now, late: undefined, stack: 'Shop' }], 'wait'],
  [
    'waits for one whose lease has ended, until it is recovered',
    [
      { ...busy, expires: '2026-05-01T11:59:00.000Z' },
      'wait',
      newer,
      { now, late: undefined, stack: 'Shop' },
    ],
    'wait',
  ],
  [
    'waits no longer than its deadline',
    [busy, 'wait', newer, { now, late: '900 s', stack: 'Shop' }],
    /^deployment first still holds the lock after 900 s/,
  ],
  [
    'does not wait for a person',
    [{ ...busy, stuck: true }, 'wait', newer, { now, late: undefined, stack: 'Shop' }],
    /^deployment first waits for an operator; roll it back with npx greenlight rollback first --workflow Shop --reason/,
  ],
  [
    'supersedes an older one',
    [busy, 'supersede', newer, { now, late: undefined, stack: 'Shop' }],
    'supersede',
  ],
  [
    'asks at every look: a question may have come up since',
    [{ ...busy, successor: newer }, 'supersede', newer, { now, late: undefined, stack: 'Shop' }],
    'supersede',
  ],
  [
    'goes before another that wants to supersede',
    [
      { ...busy, successor: '2026-05-01T11:54:00.000Z#x' },
      'supersede',
      newer,
      { now, late: undefined, stack: 'Shop' },
    ],
    'supersede',
  ],
  [
    'gives way to one that was asked for later',
    [
      { ...busy, successor: '2026-05-01T11:56:00.000Z#third' },
      'supersede',
      newer,
      { now, late: undefined, stack: 'Shop' },
    ],
    /^deployment third was asked for later/,
  ],
  [
    'never supersedes a newer one',
    [busy, 'supersede', older, { now, late: undefined, stack: 'Shop' }],
    /^deployment first was asked for later/,
  ],
  [
    'never supersedes one that users have seen',
    [{ ...busy, moved: true }, 'supersede', newer, { now, late: undefined, stack: 'Shop' }],
    /^deployment first has users on its version already/,
  ],
])('%s', (_title, args, expected) => {
  const answer = whenBusy(...args);
  if (typeof expected === 'string') expect(answer).toEqual({ do: expected });
  else expect(answer).toEqual({ do: 'reject', because: expect.stringMatching(expected) });
});
