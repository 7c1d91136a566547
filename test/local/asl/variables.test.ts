import type { State } from '../../../local/asl';
import { errorOf, jsonata, machine, outputOf } from './execute';

/** A machine that assigns `x`, has a state with `fields` in a Parallel or Map, and ends with `after`. */
function around(type: 'Parallel' | 'Map', fields: Partial<State>, after = '{% $states.input %}') {
  const inner = machine({ In: { Type: 'Pass', ...fields, End: true } });
  const container = type === 'Map' ? { ItemProcessor: inner, Items: [1] } : { Branches: [inner] };
  return jsonata({
    Start: { Type: 'Pass', Assign: { x: 'outer' }, Next: 'Inside' },
    Inside: { Type: type, ...container, Next: 'After' },
    After: { Type: 'Pass', Output: after, End: true },
  });
}

describe('variables', () => {
  it('are assigned all at once, each from the values on entry', async () => {
    const definition = jsonata({
      Start: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'Swap' },
      Swap: { Type: 'Pass', Assign: { a: '{% $b %}', b: '{% $a %}' }, Output: '{% $a %}', Next: 'Show' },
      Show: { Type: 'Pass', Output: '{% [$states.input, $a, $b] %}', End: true },
    });
    expect(await outputOf(definition)).toEqual([1, 2, 1]);
  });

  it.each(['Parallel', 'Map'] as const)('outside a %s can be read inside', async (type) => {
    expect(await outputOf(around(type, { Output: '{% $x %}' }))).toEqual(['outer']);
  });

  it.each(['Parallel', 'Map'] as const)('of a %s stay inside', async (type) => {
    const definition = around(type, { Assign: { y: 'inner' }, Output: 1 }, '{% [$exists($y), $x] %}');
    expect(await outputOf(definition)).toEqual([false, 'outer']);
  });

  it('come from the rule that matched in a Choice, from the state when none did', async () => {
    const definition = machine({
      Big: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.n', NumericGreaterThan: 9, Next: 'Show' },
          { Variable: '$.n', NumericGreaterThan: 5, Assign: { size: 'big' }, Next: 'Show' },
        ],
        Assign: { size: 'small' },
        Default: 'Show',
      },
      Show: { Type: 'Pass', Parameters: { 'size.$': '$size' }, End: true },
    });
    expect(await outputOf(definition, { n: 6 })).toEqual({ size: 'big' });
    expect(await outputOf(definition, { n: 5 })).toEqual({ size: 'small' });
    expect(await errorOf(definition, { n: 10 })).toBe('States.Runtime');
  });

  it('cannot be read before they are assigned', async () => {
    expect(await errorOf(jsonata({ Only: { Type: 'Pass', Output: '{% $x %}', End: true } }))).toBe(
      'States.QueryEvaluationError',
    );
  });
});
