import { expired } from '../../../src/domain/database/snapshot-retention';

const now = new Date('2026-11-21T00:00:00Z');
const aged = (days: number, more: object = {}) => ({
  name: `s${days}`,
  deployment: `d${days}`,
  createdAt: new Date(now.getTime() - days * 86_400_000),
  available: true,
  ...more,
});
const names = (snapshots: ReturnType<typeof aged>[], keepLast = 1, inUse: string[] = []) =>
  expired(snapshots, { snapshotDays: 14, keepLast }, inUse, now).map(({ name }) => name);

it.each([
  [
    'removes what is older than the days and not among the newest',
    [aged(1), aged(20), aged(40)],
    ['s20', 's40'],
  ],
  ['keeps what is young enough, however many there are', [aged(1), aged(2), aged(13.9)], []],
  ['keeps the newest, however old it is', [aged(400)], []],
  ['keeps one that is still being made', [aged(1), aged(20, { available: false })], []],
  ['counts by age and not by the order of the list', [aged(40), aged(20), aged(30)], ['s30', 's40']],
])('%s', (_title, snapshots, gone) => expect(names(snapshots)).toEqual(gone));

it('keeps the last N', () => expect(names([aged(20), aged(30), aged(40)], 2)).toEqual(['s40']));

it('never touches the snapshot of a deployment that may be rolled back', () =>
  expect(names([aged(1), aged(20), aged(40)], 1, ['d40'])).toEqual(['s20']));
