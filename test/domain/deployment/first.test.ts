import { isFirst, withoutUsers } from '../../../src/domain/deployment/first';
import { exampleSettings } from '../../input/parser';

const idle = { desired: 0, running: 0 };
const settings = exampleSettings();

it.each([
  ['a service that was never deployed and has no task', undefined, [idle, idle], true],
  ['one whose first deployment has failed', { tasks: 0 }, [idle, idle], true],
  ['one that begins with tasks of its own', undefined, [{ desired: 2, running: 2 }, idle], false],
  ['one whose tasks are on their way', undefined, [{ desired: 2, running: 0 }, idle], false],
  ['one with a task in the other slot', undefined, [idle, { desired: 0, running: 1 }], false],
  ['one that was scaled to zero after it has served', { tasks: 2 }, [idle, idle], false],
  ['one of which nobody knows how many served', {}, [idle, idle], false],
])('%s', (_, recorded, fleets, first) => {
  expect(isFirst(settings, recorded, fleets)).toBe(first);
  // a pure worker serves nobody, ever
  expect(isFirst({ traffic: null }, recorded, fleets)).toBe(false);
});

it('asks nothing of users and of a previous version, and all else of green', () => {
  const { thresholds, trial, ...rest } = withoutUsers(settings);
  expect(trial).toBeNull();
  expect(thresholds).toEqual({ ...settings.thresholds, minimumRequests: 0, latencyIncrease: null });
  expect({ ...settings, ...rest }).toEqual(settings);
});
