import { errorOf, jsonata, LAMBDA, machine, outputOf } from './execute';

describe('the way of data through a JSONPath state', () => {
  it('goes InputPath, Parameters, ResultSelector, ResultPath, OutputPath', async () => {
    const definition = machine({
      Work: {
        Type: 'Task',
        Resource: LAMBDA,
        InputPath: '$.order',
        Parameters: { 'number.$': '$.id', fixed: 1 },
        ResultSelector: { 'got.$': '$.number' },
        ResultPath: '$.order.result',
        OutputPath: '$.order',
        End: true,
      },
    });
    expect(await outputOf(definition, { order: { id: 7 }, other: 1 })).toEqual({ id: 7, result: { got: 7 } });
  });

  it.each([
    ['InputPath null is an empty object', { InputPath: null }, {}],
    ['OutputPath null is an empty object', { OutputPath: null }, {}],
    ['ResultPath null keeps the input', { Result: 9, ResultPath: null }, { a: 1 }],
    ['ResultPath makes the objects it needs', { Result: 9, ResultPath: '$.b.c' }, { a: 1, b: { c: 9 } }],
    ['Result may be null', { Result: null }, null],
    ['the context object can be input', { InputPath: '$$.Execution.Name' }, 'one'],
  ])('%s', async (_title, fields, expected) => {
    expect(await outputOf(machine({ Only: { Type: 'Pass', ...fields, End: true } }), { a: 1 })).toEqual(
      expected,
    );
  });

  it('does not change an input that is used again', async () => {
    const input = { nested: { a: [1, 2] } };
    const definition = machine({
      First: { Type: 'Pass', Result: 3, ResultPath: '$.nested.b', Next: 'Second' },
      Second: { Type: 'Pass', Result: 4, ResultPath: '$.nested.a[1]', End: true },
    });
    expect(await outputOf(definition, input)).toEqual({ nested: { a: [1, 4], b: 3 } });
    expect(input).toEqual({ nested: { a: [1, 2] } });
  });

  it.each([
    ['a path that names nothing', { Parameters: { 'x.$': '$.none' } }, 'States.Runtime'],
    ['an InputPath that names nothing', { InputPath: '$.none' }, 'States.Runtime'],
    ['a ResultPath through a number', { Result: 1, ResultPath: '$.a.b' }, 'States.ResultPathMatchFailure'],
    ['a variable never assigned', { Parameters: { 'x.$': '$none' } }, 'States.Runtime'],
    [
      'a call that does not fit',
      { Parameters: { 'x.$': "States.MathAdd($.a, 'one')" } },
      'States.IntrinsicFailure',
    ],
  ])('fails for %s', async (_title, fields, error) => {
    expect(await errorOf(machine({ Only: { Type: 'Pass', ...fields, End: true } }), { a: 1 })).toBe(error);
  });
});

describe('the way of data through a JSONata state', () => {
  it('evaluates Arguments on the input and Output on the result', async () => {
    const definition = jsonata({
      Work: {
        Type: 'Task',
        Resource: LAMBDA,
        Arguments: { total: '{% $sum($states.input.prices) %}', plain: '$states.input' },
        Output: { twice: '{% $states.result.total * 2 %}', of: '{% $states.input.prices %}' },
        End: true,
      },
    });
    expect(await outputOf(definition, { prices: [1, 2] })).toEqual({ twice: 6, of: [1, 2] });
  });

  it.each([
    ['an undefined result', '{% $states.input.none %}'],
    ['a function as result', '{% function($x) { $x } %}'],
    ['a function inside the result', '{% { "f": $sum } %}'],
    ['a function in an array', '{% [function($x) { $x }] %}'],
    ['a type error', '{% 1 + "a" %}'],
    ['$eval, which Step Functions leaves out', '{% $eval("1") %}'],
    ['a recursion without end', '{% ($f := function($n) { $f($n + 1) }; $f(0)) %}'],
    ['text that is no JSON', '{% $parse("") %}'],
    ['what is no expression', '{% 1 + %}'],
  ])('fails with States.QueryEvaluationError for %s', async (_title, Output) => {
    expect(await errorOf(jsonata({ Only: { Type: 'Pass', Output, End: true } }))).toBe(
      'States.QueryEvaluationError',
    );
  });

  it.each([
    ['$partition([1,2,3], 2)', [[1, 2], [3]]],
    ['$range(0, 6, 3)', [0, 3, 6]],
    ['$range(1, 9, 9)', 1],
    ['$range(1, 9, 9)[]', [1]],
    ['$count($range(1, 9, 9))', 1],
    ['$hash("a", "MD5")', '0cc175b9c0f1b6a831c399e269772661'],
    ['$parse("{\\"a\\":[1]}")', { a: [1] }],
    ['$length($uuid())', 36],
    ['$random(5) = $random(5)', true],
    ['$states.context.State.Name', 'Only'],
    ['$now()', '2026-01-01T00:00:00.000Z'],
    ['$now("[Y0001]", "+0000")', '2026'],
    ['$millis()', Date.parse('2026-01-01T00:00:00Z')],
  ])('has %s, in the time of the cloud', async (expression, expected) => {
    const definition = jsonata({ Only: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } });
    expect(await outputOf(definition)).toEqual(expected);
  });

  it('hands on keys that mean something to JavaScript, or to JSONata itself, as keys', async () => {
    const input = JSON.parse('{"__proto__":{"a":1},"constructor":2,"_jsonata_lambda":3,"sequence":true}');
    const definition = jsonata({ Only: { Type: 'Pass', Output: '{% $states.input %}', End: true } });
    expect(JSON.stringify(await outputOf(definition, input))).toBe(JSON.stringify(input));
  });

  it('gives arrays that a later expression takes as arrays, even of one', async () => {
    const definition = jsonata({
      Filter: { Type: 'Pass', Output: { found: '{% [$states.input[n > 1]] %}' }, Next: 'Wrap' },
      Wrap: { Type: 'Pass', Output: '{% [$states.input.found, 0] %}', End: true },
    });
    expect(await outputOf(definition, [{ n: 1 }, { n: 2 }])).toEqual([{ n: 2 }, 0]);
  });

  it('can follow a JSONPath state of a JSONPath machine', async () => {
    const definition = machine({
      First: { Type: 'Pass', Parameters: { 'n.$': '$.n' }, Assign: { 'kept.$': '$.n' }, Next: 'Second' },
      Second: { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $states.input.n + $kept %}', End: true },
    });
    expect(await outputOf(definition, { n: 4 })).toBe(8);
  });
});

describe('the limit of 256 KiB', () => {
  it('fails the state whose output is larger, counted in bytes of UTF-8', async () => {
    const definition = machine({ Only: { Type: 'Pass', Parameters: { 'a.$': '$', 'b.$': '$' }, End: true } });
    expect(await errorOf(definition, 'ä'.repeat(65_000))).toBe('ended SUCCEEDED');
    expect(await errorOf(definition, 'ä'.repeat(66_000))).toBe('States.DataLimitExceeded');
  });

  it('fails the task whose result is larger, and can be caught', async () => {
    const definition = machine({
      Work: {
        Type: 'Task',
        Resource: LAMBDA,
        Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Caught', ResultPath: '$.failure' }],
        End: true,
      },
      Caught: { Type: 'Pass', OutputPath: '$.failure.Error', End: true },
    });
    const perform = async () => 'x'.repeat(262_145);
    expect(await outputOf(definition, {}, { perform })).toBe('States.DataLimitExceeded');
  });
});
