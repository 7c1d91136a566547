import type { Branch, TaskRequest } from '../../../local/asl';
import { errorOf, execute, jsonata, LAMBDA, machine, outputOf, prepare } from './execute';

const pass: Branch = machine({ Item: { Type: 'Pass', End: true } });
const work: Branch = machine({ Item: { Type: 'Task', Resource: LAMBDA, End: true } });
const failOn = (bad: unknown): Branch =>
  machine({
    'Bad?': {
      Type: 'Choice',
      Choices: [{ Variable: '$', NumericEquals: bad, Next: 'Bad' }],
      Default: 'Slow',
    },
    Bad: { Type: 'Fail', Error: 'BadItem' },
    Slow: { Type: 'Wait', Seconds: 1000, End: true },
  });

describe('a Parallel state', () => {
  it('gives the outputs of its branches in order, however long each takes', async () => {
    const branch = (Seconds: number, Result: string): Branch =>
      machine({
        [`Wait${Seconds}`]: { Type: 'Wait', Seconds, Next: `Done${Seconds}` },
        [`Done${Seconds}`]: { Type: 'Pass', Result, End: true },
      });
    const definition = machine({
      Fan: { Type: 'Parallel', Branches: [branch(9, 'slow'), branch(2, 'fast')], End: true },
    });
    const { outcome, seconds } = await execute(definition);
    expect(outcome).toMatchObject({ output: ['slow', 'fast'] });
    expect(seconds).toBe(9);
  });

  it('fails at once when a branch fails, and ends the others', async () => {
    const slow = machine({
      Slow: { Type: 'Wait', Seconds: 1000, Next: 'Never' },
      Never: { Type: 'Succeed' },
    });
    const definition = machine({
      Fan: { Type: 'Parallel', Branches: [slow, machine({ Bad: { Type: 'Fail', Error: 'E' } })], End: true },
    });
    const { outcome, seconds, entered, pending } = await execute(definition);
    expect(outcome).toEqual({ status: 'FAILED', error: 'E', cause: undefined });
    expect({ seconds, entered, pending }).toEqual({
      seconds: 0,
      entered: ['Fan', 'Slow', 'Bad'],
      pending: 0,
    });
  });
});

describe('a branch whose sibling failed', () => {
  it('leaves no trace of failing too', async () => {
    const evaluating: Branch = machine({
      Long: {
        Type: 'Pass',
        QueryLanguage: 'JSONata',
        Output: '{% $sum([1..200].($ * 2)) + "text" %}',
        End: true,
      },
    });
    const Branches = [evaluating, machine({ Bad: { Type: 'Fail', Error: 'E' } })];
    const { outcome, events } = await execute(machine({ Fan: { Type: 'Parallel', Branches, End: true } }));
    expect(outcome).toMatchObject({ error: 'E' });
    expect(events.map(({ type }) => type)).not.toContain('EvaluationFailed');
  });
});

describe('a Map state', () => {
  it('gives each item, or what ItemSelector makes of it, to an iteration', async () => {
    const ItemSelector = { 'v.$': '$$.Map.Item.Value', 'i.$': '$$.Map.Item.Index', 'all.$': '$.shared' };
    const definition = machine({
      Each: { Type: 'Map', ItemsPath: '$.items', ItemSelector, ItemProcessor: pass, End: true },
    });
    expect(await outputOf(definition, { items: ['a', 'b'], shared: 9 })).toEqual([
      { v: 'a', i: 0, all: 9 },
      { v: 'b', i: 1, all: 9 },
    ]);
  });

  it('takes Items and ItemSelector in JSONata', async () => {
    const definition = jsonata({
      Each: {
        Type: 'Map',
        Items: '{% $states.input.items[$ > 1] %}',
        ItemSelector: '{% $states.context.Map.Item.Value * 10 %}',
        ItemProcessor: machine({
          Item: { Type: 'Pass', Output: '{% $states.input + $states.context.Map.Item.Index %}', End: true },
        }),
        End: true,
      },
    });
    expect(await outputOf(definition, { items: [1, 2, 3] })).toEqual([20, 31]);
  });

  it.each([1, 3])('never runs more than MaxConcurrency %i iterations at a time', async (MaxConcurrency) => {
    let running = 0;
    let most = 0;
    const perform = async ({ signal }: TaskRequest) => {
      most = Math.max(most, ++running);
      await clock.sleep(1000, signal);
      running--;
    };
    const definition = machine({ Each: { Type: 'Map', MaxConcurrency, ItemProcessor: work, End: true } });
    const { execution, clock } = prepare(definition, Array(7).fill(0), { perform });
    await execution.run();
    expect(most).toBe(MaxConcurrency);
  });

  it('fails with the error of the first iteration that fails, and ends the others', async () => {
    const definition = machine({ Each: { Type: 'Map', ItemProcessor: failOn(2), End: true } });
    const { outcome, seconds, pending } = await execute(definition, [1, 2, 3]);
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'BadItem' });
    expect({ seconds, pending }).toEqual({ seconds: 0, pending: 0 });
  });

  it('is empty for no items', async () => {
    expect(await outputOf(machine({ Each: { Type: 'Map', ItemProcessor: pass, End: true } }), [])).toEqual(
      [],
    );
  });

  it('refuses items that are no array, and limits that are no numbers', async () => {
    const each = (fields: object) =>
      machine({ Each: { Type: 'Map', ItemProcessor: pass, ...fields, End: true } });
    expect(await errorOf(each({}), { a: 1 })).toBe('States.Runtime');
    expect(await errorOf(each({ ItemsPath: '$.i', MaxConcurrencyPath: '$.m' }), { i: [1], m: 'many' })).toBe(
      'States.Runtime',
    );
    const inJsonata = jsonata({
      Each: { Type: 'Map', Items: '{% "text" %}', ItemProcessor: pass, End: true },
    });
    expect(await errorOf(inJsonata)).toBe('States.QueryEvaluationError');
  });
});

describe('a distributed Map state', () => {
  const distributed = (processor: Branch, fields: object = {}) =>
    machine({
      Each: {
        Type: 'Map',
        ItemProcessor: { ...processor, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
        ...fields,
        End: true,
      },
    });

  it('runs each item in an execution of its own, outside this history and these variables', async () => {
    const show = machine({
      Item: { Type: 'Pass', Parameters: { 'own.$': '$$.Execution.Input' }, End: true },
    });
    const { outcome, entered } = await execute(distributed(show), [7]);
    expect(outcome).toMatchObject({ output: [{ own: 7 }] });
    expect(entered).toEqual(['Each']);
  });

  it('sees no variables of the execution that started it', async () => {
    const show = machine({ Item: { Type: 'Pass', Parameters: { 'x.$': '$x' }, End: true } });
    const { Each } = distributed(show).States;
    const definition = machine({ Set: { Type: 'Pass', Assign: { x: 1 }, Next: 'Each' }, Each: Each! });
    expect(await errorOf(definition, [1])).toBe('States.ExceedToleratedFailureThreshold');
  });

  it.each([
    [{}, 'States.ExceedToleratedFailureThreshold'],
    [{ ToleratedFailureCount: 1 }, 'ended SUCCEEDED'],
    [{ ToleratedFailurePercentage: 20 }, 'States.ExceedToleratedFailureThreshold'],
    [{ ToleratedFailurePercentage: 34 }, 'ended SUCCEEDED'],
    [{ ToleratedFailureCount: 0, ToleratedFailurePercentage: 100 }, 'States.ExceedToleratedFailureThreshold'],
  ])('with %j and one failure of three: %s', async (fields, expected) => {
    expect(await errorOf(distributed(failOn(2), fields), [1, 2, 3])).toBe(expected);
  });

  it('groups items with ItemBatcher', async () => {
    const ItemBatcher = { MaxItemsPerBatch: 2, BatchInput: { 'by.$': '$.by' } };
    const definition = distributed(pass, { ItemsPath: '$.items', ItemBatcher });
    expect(await outputOf(definition, { items: [1, 2, 3], by: 'me' })).toEqual([
      { BatchInput: { by: 'me' }, Items: [1, 2] },
      { BatchInput: { by: 'me' }, Items: [3] },
    ]);
  });
});

it.each(['ItemReader', 'ResultWriter'])(
  'a Map with %s fails, also where nobody checked it',
  async (field) => {
    const definition = machine({ All: { Type: 'Map', ItemProcessor: pass, [field]: {}, End: true } });
    expect(await errorOf(definition, [1])).toBe('States.Runtime');
  },
);
