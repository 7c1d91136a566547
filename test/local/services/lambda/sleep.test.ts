import type { LambdaFunction } from '../../../../local/services/lambda/function';
import { Sleep } from '../../../../local/services/lambda/sleep';
import { manualClock } from '../../manual-clock';

const DAY_MS = 86_400_000;

function asleep(hasInterface = true) {
  const clock = manualClock();
  const fn = { name: 'step', hasInterface, modifiedAt: clock.now() } as LambdaFunction;
  return { clock, fn, sleep: new Sleep(clock) };
}

it('the call that finds a function asleep wakes it, and for a minute and a half none reaches it', () => {
  const { clock, fn, sleep } = asleep();
  expect(sleep.call(fn)).toBe('Active');
  sleep.idle([fn]);
  expect(sleep.stateOf(fn)).toBe('Inactive');
  expect(sleep.call(fn)).toBe('Inactive');
  clock.advance(89_999);
  expect([sleep.stateOf(fn), sleep.call(fn)]).toEqual(['Pending', 'Pending']);
  clock.advance(1);
  expect(sleep.call(fn)).toBe('Active');
});

it('a function sleeps when nobody has called it for two weeks, and one that is called does not', () => {
  const { clock, fn, sleep } = asleep();
  clock.advance(14 * DAY_MS);
  expect(sleep.call(fn)).toBe('Active');
  clock.advance(14 * DAY_MS);
  expect(sleep.stateOf(fn)).toBe('Active');
  clock.advance(1);
  expect(sleep.stateOf(fn)).toBe('Inactive');
});

it('a function that was changed is ready', () => {
  const { fn, sleep } = asleep();
  sleep.idle([fn]);
  sleep.made(fn.name);
  expect(sleep.call(fn)).toBe('Active');
});

it('a function without a network interface never sleeps', () => {
  const { clock, fn, sleep } = asleep(false);
  sleep.idle([fn]);
  clock.advance(365 * DAY_MS);
  expect(sleep.call(fn)).toBe('Active');
});
