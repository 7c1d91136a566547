import { chooseStrategy, stepsOf } from '../../../src/domain/deployment/strategy';
import { type Strategy, strategies } from '../../../src/domain/settings/choices';
import { limitsSchema } from '../../../src/domain/settings/policy';
import { exampleSettings } from '../../input/parser';

const times = { canaryPercent: 5, linear: { percent: 30, seconds: 60 }, bakeSeconds: 600 };

it.each<[Strategy, [number, number][]]>([
  ['ALL_AT_ONCE', [[100, 600]]],
  [
    'CANARY',
    [
      [5, 600],
      [100, 600],
    ],
  ],
  [
    'LINEAR',
    [
      [30, 60],
      [60, 60],
      [90, 60],
      [100, 600],
    ],
  ],
  ['ROLLING', [[100, 600]]],
  ['MAINTENANCE', [[100, 600]]],
])('%s gives green its shares of the traffic, the last of them all of it', (strategy, expected) => {
  expect(stepsOf(strategy, times).map(({ percent, bakeSeconds }) => [percent, bakeSeconds])).toEqual(
    expected,
  );
});

it('ends a LINEAR shift at exactly 100 when the step divides it', () => {
  const shares = stepsOf('LINEAR', { ...times, linear: { percent: 25, seconds: 60 } });
  expect(shares.map(({ percent }) => percent)).toEqual([25, 50, 75, 100]);
});

const limits = { ...limitsSchema.parse({}) };
const { service, traffic } = exampleSettings();
const open = {
  ...{ service, traffic, environment: 'production', limits },
  ...{ zeroDowntime: 'LINEAR' as const, maintenance: null },
};
const closable = { ...open, maintenance: { targetGroup: 'arn:page' } };
const harmless = { strategies: [...strategies], cause: '' };
const breaking = { strategies: ['MAINTENANCE' as const], cause: 'statement 1 breaks the live version' };

it.each([
  ['a release without migrations', null, open, 'LINEAR'],
  ['migrations that break nobody', harmless, closable, 'LINEAR'],
  ['migrations that break the live version', breaking, closable, 'MAINTENANCE'],
])('AUTO takes for %s the strategy they call for', (_what, plan, settings, strategy) => {
  expect(chooseStrategy('AUTO', plan, settings)).toMatchObject({ strategy });
});

it('AUTO is refused where only a maintenance window would do and the service has none, with the reason', () => {
  expect(chooseStrategy('AUTO', breaking, open)).toEqual({
    refused: 'the migrations allow no strategy: statement 1 breaks the live version',
  });
});

describe('a rolling update behind a load balancer with contract migrations', () => {
  const contract = {
    strategies: strategies.filter((one) => one !== 'ROLLING'),
    cause:
      'contract migrations 2 run behind a version that nobody reaches any more, and a rolling update cannot show that',
  };
  it.each(['ROLLING', 'AUTO'] as const)(
    'is refused by name when %s is asked for, and closes nobody',
    (asked) => {
      for (const settings of [open, closable])
        expect(chooseStrategy(asked, contract, { ...settings, zeroDowntime: 'ROLLING' })).toEqual({
          refused: `the migrations allow no ROLLING: ${contract.cause}; possible is ALL_AT_ONCE, CANARY, LINEAR${settings === closable ? ', MAINTENANCE' : ''}`,
        });
    },
  );
});

it('AUTO takes a maintenance window where the environment allows no other, and says so', () => {
  const closed = { ...closable, limits: { ...limits, strategies: ['MAINTENANCE' as const] } };
  expect(chooseStrategy('AUTO', harmless, closed)).toEqual({
    strategy: 'MAINTENANCE',
    because: 'production allows no LINEAR',
  });
});

it('takes what was asked for when the migrations allow it, and says what they allow when they do not', () => {
  expect(chooseStrategy('ALL_AT_ONCE', harmless, open)).toMatchObject({ strategy: 'ALL_AT_ONCE' });
  expect(chooseStrategy('CANARY', breaking, closable)).toEqual({
    refused: 'the migrations allow no CANARY: statement 1 breaks the live version; possible is MAINTENANCE',
  });
});

it('refuses a maintenance window of a service that has no page for it', () => {
  expect(chooseStrategy('MAINTENANCE', harmless, open)).toEqual({
    refused: expect.stringContaining('MAINTENANCE needs a maintenance page'),
  });
});

it('goes on in a sentence behind what the migrations say in sentences', () => {
  const plan = { ...breaking, cause: 'Dropping note breaks the live version.' };
  expect(chooseStrategy('CANARY', plan, closable)).toEqual({
    refused:
      'the migrations allow no CANARY: Dropping note breaks the live version.\nPossible is MAINTENANCE.',
  });
});

describe('of a pure worker', () => {
  const worker = { ...open, service: 'packer', traffic: null };

  it('ROLLING is all there is, and AUTO resolves to it', () => {
    expect(chooseStrategy('ROLLING', harmless, worker)).toEqual({
      strategy: 'ROLLING',
      because: 'asked for',
    });
    expect(chooseStrategy('AUTO', null, worker)).toEqual({
      strategy: 'ROLLING',
      because: 'without a load balancer its tasks are replaced in place',
    });
  });

  it.each(strategies.filter((one) => one !== 'ROLLING'))('%s is refused', (strategy) => {
    expect(chooseStrategy(strategy, harmless, { ...worker, maintenance: {} })).toEqual({
      refused: `request.strategy: packer has no load balancer, so its tasks are replaced in place: expected ROLLING or AUTO, received ${strategy}; nothing was changed`,
    });
  });

  it('migrations that break the live version are refused, whatever is asked for', () => {
    for (const asked of ['AUTO', 'ROLLING'] as const)
      expect(chooseStrategy(asked, breaking, worker)).toEqual({
        refused: expect.stringContaining('statement 1 breaks the live version'),
      });
  });
});
