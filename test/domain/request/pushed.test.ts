import { pushedAlready, pushIsOver } from '../../../src/domain/request/pushed';

const started = { deployment: 'first', at: '2026-01-30T10:00:00.000Z' };

it.each([
  ['a tag of the same push', '2026-01-30T10:00:02.000Z', false],
  ['a tag that is told of before the first one was', '2026-01-30T09:59:59.000Z', false],
  ['the last moment', '2026-01-30T10:04:59.999Z', false],
  ['a tag that comes later', '2026-01-30T10:05:00.000Z', true],
])('of %s, at %s, it is over: %s', (_, now, expected) => expect(pushIsOver(started, now)).toBe(expected));

it('says what has started already, and from when on a tag starts a deployment', () =>
  expect(pushedAlready('sha256:1', started)).toBe(
    'the push of sha256:1 has started deployment first already, at 2026-01-30T10:00:00.000Z; to deploy it once more, tag it after 2026-01-30T10:05:00.000Z, or start it by its name',
  ));
