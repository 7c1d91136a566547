import { judgeGreen } from '../../src/domain/green';

const wanted = { taskDefinition: 'shop:2', desired: 2 };
const fleet = { taskDefinition: 'shop:2', running: 2, rollingOut: false, failedTasks: 0, events: [] };
const targets = { healthy: 2, others: [] };

it('wants two good looks in a row', () => {
  expect(judgeGreen(wanted, fleet, targets, 0, undefined)).toMatchObject({ status: 'undecided', streak: 1 });
  expect(judgeGreen(wanted, fleet, targets, 1, undefined)).toMatchObject({ status: 'healthy' });
});

it.each([
  ['another version runs', { ...fleet, taskDefinition: 'shop:1' }, targets],
  ['a task is missing', { ...fleet, running: 1 }, targets],
  ['the rollout is not over', { ...fleet, rollingOut: true }, targets],
  ['a target is not healthy yet', fleet, { healthy: 1, others: [] }],
  [
    'a target is in a state that does not exist yet',
    fleet,
    { healthy: 2, others: [{ target: 't', state: 'new-state', reason: '' }] },
  ],
  ['there is no service', undefined, targets],
])('starts counting again when %s', (_title, fleetNow, targetsNow) =>
  expect(judgeGreen(wanted, fleetNow, targetsNow, 1, undefined)).toMatchObject({
    status: 'undecided',
    streak: 0,
  }),
);

it('does not mind targets that drain: they belong to the version before', () =>
  expect(
    judgeGreen(
      wanted,
      fleet,
      { healthy: 2, others: [{ target: 't', state: 'draining', reason: '' }] },
      1,
      undefined,
    ).status,
  ).toBe('healthy'));

it('is unhealthy at the deadline, with the targets and their reasons', () =>
  expect(
    judgeGreen(
      wanted,
      fleet,
      { healthy: 0, others: [{ target: '10.0.0.1:80', state: 'unhealthy', reason: 'code 503' }] },
      0,
      '21 s',
    ),
  ).toMatchObject({
    status: 'unhealthy',
    cause:
      'green is not healthy after 21 s: 2 of 2 tasks run, 0 healthy; 10.0.0.1:80 is unhealthy (code 503)',
  }));

it('does not wait for a green that keeps crashing', () =>
  expect(
    judgeGreen(wanted, { ...fleet, running: 0, failedTasks: 3 }, { healthy: 0, others: [] }, 0, undefined)
      .status,
  ).toBe('unhealthy'));
