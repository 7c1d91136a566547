import { overtaken, stillAgreed, waitedFor, weightOf } from '../../../src/domain/windows/waited';

const plan = { pending: ['2'], contract: [], classes: { expand: 1 } };
const nothing = { pending: [], contract: [], classes: {} };
const release = { image: 'shop@sha256:2', strategy: 'CANARY' as const };
const live = { slot: 'a' as const, taskDefinition: 'td:1' };

it.each([
  ['without a manifest', { strategy: 'CANARY', seeds: false }, null, 'code only'],
  ['with nothing pending', { strategy: 'ROLLING', seeds: false }, nothing, 'code only'],
  ['with a migration', { strategy: 'CANARY', seeds: false }, plan, 'more'],
  [
    'with a contract migration alone',
    { strategy: 'CANARY', seeds: false },
    { ...nothing, contract: ['3'] },
    'more',
  ],
  ['with seeds alone', { strategy: 'CANARY', seeds: true }, nothing, 'more'],
  ['that closes the service', { strategy: 'MAINTENANCE', seeds: false }, null, 'more'],
] as const)('a release %s weighs what it does', (_, deployment, planned, weight) =>
  expect(
    weightOf(
      deployment,
      planned && { ...planned, pending: [...planned.pending], contract: [...planned.contract] },
    ),
  ).toBe(weight),
);

it('is overtaken by whatever was released meanwhile, into the same slot as well', () => {
  const then = waitedFor(release, live, plan, true);
  expect(overtaken(then, waitedFor(release, live, plan, false))).toBeUndefined();
  for (const other of [
    { ...live, taskDefinition: 'td:2' },
    { ...live, slot: 'b' as const },
  ])
    expect(overtaken(then, waitedFor(release, other, plan, false))).toContain('another version was released');
});

it('is agreed to for as long as it does what people agreed to', () => {
  const then = waitedFor(release, live, plan, true);
  expect(stillAgreed(then, waitedFor(release, live, plan, false))).toBe(true);
  expect(stillAgreed({ ...then, approved: false }, then)).toBe(false);
  for (const other of [
    waitedFor({ ...release, strategy: 'MAINTENANCE' }, live, plan, false),
    waitedFor(release, live, { ...plan, pending: ['2', '3'] }, false),
    waitedFor(release, live, { ...plan, classes: { irreversible: 1 } }, false),
    waitedFor(release, live, { ...plan, taskDefinition: ['environment'] }, false),
  ])
    expect(stillAgreed(then, other)).toBe(false);
});
