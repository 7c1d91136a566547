import { StatesError } from '../../../local/asl';
import { evaluateIntrinsic } from '../../../local/asl/intrinsics';
import { seededRandom } from '../../../local/asl/java-random';

const input: Record<string, unknown> = {
  name: 'Ada',
  list: [1, 2, 2, { b: 1, a: 2 }],
  object: { a: 1, b: [true, 'x'] },
};
const evaluate = (call: string) => evaluateIntrinsic(call, (path) => input[path.slice(2)]);

describe('intrinsic functions', () => {
  it.each([
    ["States.Format('Hello {}, {}', $.name, 3)", 'Hello Ada, 3'],
    ["States.Format('\\{\\} {}', $.object)", '{} {a=1, b=[true, x]}'],
    ["States.Format('it\\'s {}', null)", "it's null"],
    ['States.Array()', []],
    ["States.Array(1, 'a', true, null, $.name)", [1, 'a', true, null, 'Ada']],
    ['States.ArrayPartition($.list, 3)', [[1, 2, 2], [{ b: 1, a: 2 }]]],
    ['States.ArrayContains($.list, States.StringToJson(\'{"a":2,"b":1}\'))', true],
    ['States.ArrayRange(1, 9, 4)', [1, 5, 9]],
    ['States.ArrayRange(3, 1, -1)', [3, 2, 1]],
    ['States.ArrayGetItem($.list, 1)', 2],
    ['States.ArrayLength($.list)', 4],
    ['States.ArrayUnique($.list)', [1, 2, { b: 1, a: 2 }]],
    ["States.Base64Decode(States.Base64Encode('grün'))", 'grün'],
    ["States.Hash('abc', 'SHA-1')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['States.JsonMerge($.object, $.object, false)', { a: 1, b: [true, 'x'] }],
    ["States.StringToJson(' ')", null],
    ['States.JsonToString($.object)', '{"a":1,"b":[true,"x"]}'],
    ['States.MathAdd(1.5, -1)', 1],
    ["States.StringSplit('1,2;;3', ',;')", ['1', '2', '3']],
    ["States.StringSplit('a', '')", ['a']],
  ])('%s', (call, expected) => {
    expect(evaluate(call)).toEqual(expected);
  });

  it('draws seeded random numbers as java.util.Random does', () => {
    const random = seededRandom(42);
    expect(Array.from({ length: 5 }, () => random.integer(10))).toEqual([0, 3, 8, 4, 0]);
    expect(seededRandom(42).fraction()).toBeCloseTo(0.7275636800328681, 15);
  });

  it('gives the same random number for the same seed, inside the range', () => {
    const numbers = Array.from(
      { length: 50 },
      (_, seed) => evaluate(`States.MathRandom(3, 6, ${seed})`) as number,
    );
    expect(new Set(numbers)).toEqual(new Set([3, 4, 5]));
    expect(evaluate('States.MathRandom(0, 1000000, 42)')).toBe(evaluate('States.MathRandom(0, 1000000, 42)'));
  });

  it.each([
    ["States.Format('{}')", 'too few values'],
    ["States.Format('none', 1)", 'too many values'],
    ['States.ArrayGetItem($.list, 9)', 'an index outside'],
    ['States.ArrayRange(1, 2000, 1)', 'more than 1,000 numbers'],
    ['States.ArrayRange(1, 2, 0)', 'a step of 0'],
    ['States.ArrayPartition($.list, 0)', 'a size of 0'],
    ["States.StringToJson('{')", 'text that is no JSON'],
    ['States.JsonMerge($.object, $.object, true)', 'a deep merge'],
    ["States.Hash('a', 'CRC')", 'an unknown algorithm'],
    ['States.MathRandom(5, 5)', 'an empty range'],
    ['States.Nothing()', 'an unknown function'],
    ['States.UUID(1)', 'too many arguments'],
    ["States.Format('open)", 'an open string'],
    ['States.Array(1,)', 'a missing argument'],
  ])('%s fails with States.IntrinsicFailure: %s', (call) => {
    expect(() => evaluate(call)).toThrow(StatesError);
    expect(() => evaluate(call)).toThrow(expect.objectContaining({ error: 'States.IntrinsicFailure' }));
  });
});
