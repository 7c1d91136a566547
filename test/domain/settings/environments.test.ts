import { limitProblems } from '../../../src/domain/request/limits';
import { requestSchema } from '../../../src/domain/request/request';
import {
  type Configuration,
  DEFAULTS,
  parseConfiguration,
  policyOf,
  type ServiceSettings,
  settingsIn,
} from '../../../src/domain/settings/environments';
import { limitsSchema } from '../../../src/domain/settings/policy';

const configured = (value: unknown): Configuration => {
  const parsed = parseConfiguration(value);
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'));
  return parsed.configuration;
};
const none = configured({ environments: {} });

it.each(Object.keys(DEFAULTS))('%s has a complete policy of its own', (environment) =>
  expect(policyOf(environment, none).bakeSeconds).toBeGreaterThan(0),
);

it('keeps snapshots for 7, 14 and 35 days', () =>
  expect(
    ['development', 'staging', 'production'].map((name) => policyOf(name, none).retention.snapshotDays),
  ).toEqual([7, 14, 35]));

it('begins an environment of another name as strict as production', () =>
  expect(policyOf('eu-live', none)).toEqual(policyOf('production', none)));

it('lays the file over the service over the built-in policy, member by member', () => {
  const service = {
    environment: 'staging',
    bakeSeconds: 7,
    thresholds: { minimumRequests: 5 },
  } as unknown as ServiceSettings;
  const file = configured({ environments: { staging: { bakeSeconds: 9 } } });
  expect(settingsIn(service, file)).toMatchObject({
    bakeSeconds: 9,
    thresholds: { minimumRequests: 5, errorRateCeiling: 0.25 },
    canaryPercent: 20,
  });
});

it('does not let a default of the schema hide what the built-in policy says', () =>
  expect(policyOf('production', configured({ environments: { production: { limits: {} } } })).limits).toEqual(
    policyOf('production', none).limits,
  ));

it('names every problem of a file with its path, what was expected and what was received', () =>
  expect(
    parseConfiguration({
      environments: {
        staging: { bakeSeconds: -1, colour: 'green', retention: { snapshotDays: 'week' } },
        Prod: {},
      },
    }),
  ).toEqual({
    problems: [
      expect.stringMatching(/^configuration\.environments\.staging\.bakeSeconds: .*received -1$/),
      expect.stringMatching(
        /^configuration\.environments\.staging\.retention\.snapshotDays: .*received "week"$/,
      ),
      'configuration.environments.staging: unknown "colour"; remove it or check the spelling',
      expect.stringMatching(/^configuration\.environments\.Prod: /),
    ],
  }));

describe('the limits of an environment', () => {
  const { limits } = policyOf('production', none);
  const asked = (more: object) =>
    limitProblems(requestSchema.parse({ service: 'shop', image: 'shop:v2', reason: 'r', ...more }), {
      limits,
      environment: 'production',
      validation: 'standard',
      evidence: { alarms: ['orders', 'prices'], metrics: [] },
    });

  it.each([
    ['a plain request', {}, []],
    ['a longer bake', { bakeSeconds: 900 }, []],
    [
      'a bake that is too short',
      { bakeSeconds: 30 },
      ['request.bakeSeconds: expected at least 300 in production, received 30'],
    ],
    [
      'a linear step that is too short',
      { linear: { seconds: 1 } },
      ['request.linear.seconds: expected at least 300 in production, received 1'],
    ],
    [
      'softer thresholds',
      { thresholds: { errorRateIncrease: 1 } },
      ["request.thresholds: production allows no thresholds of a request's own; leave it out"],
    ],
    ['a closer validation', { validation: 'comprehensive' }, []],
    [
      'a validation that sees less',
      { validation: 'basic' },
      ["request.validation: production allows no validation of a request's own; leave it out"],
    ],
    [
      'migrations accepted',
      { accept: ['1'] },
      [expect.stringContaining('request.accept: accept is not allowed in environment production')],
    ],
    ['an alarm that it accepts', { acceptAlarms: ['prices'] }, []],
    [
      'an alarm that the service has not',
      { acceptAlarms: ['price'] },
      ['request.acceptAlarms: expected an alarm of the service (orders, prices), received "price"'],
    ],
  ])('%s', (_title, more, problems) => expect(asked(more)).toEqual(problems));

  it('are none unless somebody sets them', () =>
    expect(
      limitProblems(
        requestSchema.parse({ service: 's', image: 's:1', reason: 'r', accept: ['1'], bakeSeconds: 1 }),
        {
          limits: limitsSchema.parse({}),
          environment: 'x',
          validation: 'standard',
          evidence: { alarms: [], metrics: [] },
        },
      ),
    ).toEqual([]));
});
