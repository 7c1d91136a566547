import { ruleHolds } from '../../../local/asl/choice';
import { execute, jsonata, machine } from './execute';

const input = {
  n: 5,
  m: 7,
  text: 'release-1.log',
  lines: 'first\nlast',
  star: 'a*b',
  yes: true,
  nothing: null,
  at: '2026-01-01T00:00:00Z',
  later: '2026-01-01T00:00:00.000000001Z',
  sameElsewhere: '2026-01-01T01:00:00+01:00',
};
const scope = { input, variables: { known: 1 }, context: () => ({ State: { Name: 'Only' } }) };

describe('a Choice rule', () => {
  it.each([
    [{ Variable: '$.n', NumericEquals: 5 }, true],
    [{ Variable: '$.n', NumericLessThanPath: '$.m' }, true],
    [{ Variable: '$.n', NumericGreaterThanEquals: 6 }, false],
    [{ Variable: '$.text', NumericEquals: 5 }, false],
    [{ Variable: '$.text', StringGreaterThan: 'Z' }, true],
    [{ Variable: '$.text', StringMatches: 'release-*.log' }, true],
    [{ Variable: '$.text', StringMatches: 'release-*.lo' }, false],
    [{ Variable: '$.lines', StringMatches: 'first*last' }, true],
    [{ Variable: '$.star', StringMatches: 'a\\*b' }, true],
    [{ Variable: '$.text', StringMatches: 'release-1\\*' }, false],
    [{ Variable: '$.yes', BooleanEquals: true }, true],
    [{ Variable: '$.at', TimestampEqualsPath: '$.sameElsewhere' }, true],
    [{ Variable: '$.at', TimestampLessThanPath: '$.later' }, true],
    [{ Variable: '$.at', StringEqualsPath: '$.sameElsewhere' }, false],
    [{ Variable: '$.nothing', IsNull: true }, true],
    [{ Variable: '$.n', IsString: false }, true],
    [{ Variable: '$.text', IsTimestamp: true }, false],
    [{ Variable: '$.none', IsPresent: false }, true],
    [{ Variable: '$known', IsPresent: true }, true],
    [{ Variable: '$unknown', IsPresent: true }, false],
    [{ Variable: '$$.State.Name', StringEquals: 'Only' }, true],
    [{ Not: { Variable: '$.n', NumericEquals: 5 } }, false],
    [
      {
        Or: [
          { Variable: '$.n', NumericEquals: 1 },
          { Variable: '$.m', NumericEquals: 7 },
        ],
      },
      true,
    ],
    [
      {
        And: [
          { Variable: '$.none', IsPresent: true },
          { Variable: '$.none', NumericEquals: 1 },
        ],
      },
      false,
    ],
  ])('%j is %s', (rule, expected) => {
    expect(ruleHolds(rule, scope)).toBe(expected);
  });

  it('that compares what is not there fails the execution, whatever is caught', () => {
    expect(() => ruleHolds({ Variable: '$.none', IsNull: true }, scope)).toThrow(/invalid value/);
  });
});

describe('a Choice state', () => {
  const ends = { Yes: { Type: 'Succeed' }, No: { Type: 'Succeed' } } as const;

  it('takes the first rule whose Condition is true, and its Output', async () => {
    const definition = jsonata({
      Ask: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 5 %}', Next: 'No' },
          { Condition: '{% $states.input.n = 5 %}', Output: 'taken', Next: 'Yes' },
        ],
      },
      ...ends,
    });
    const { outcome, entered } = await execute(definition, input);
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: 'taken' });
    expect(entered).toEqual(['Ask', 'Yes']);
  });

  it('fails when its Condition gives no boolean', async () => {
    const definition = jsonata({
      Ask: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'Yes' }] },
      ...ends,
    });
    expect(await execute(definition)).toMatchObject({ outcome: { error: 'States.QueryEvaluationError' } });
  });

  it('fails with States.NoChoiceMatched without a Default', async () => {
    const Choices = [{ Variable: '$.n', NumericEquals: 0, Next: 'Yes' }];
    const definition = machine({ Ask: { Type: 'Choice', Choices }, ...ends });
    expect(await execute(definition, input)).toMatchObject({ outcome: { error: 'States.NoChoiceMatched' } });
  });
});
