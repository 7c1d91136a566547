import * as fc from 'fast-check';
import { type Bindings, plain } from '../../../local/asl/jsonata-library';
import { virtualClock } from '../../../local/asl/virtual-clock';

export const number = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 5e-324, 1.7e308, -1.7e308, Number.MAX_SAFE_INTEGER),
  fc.integer({ min: -3, max: 3 }),
);
export const text = fc.constantFrom('', 'a', 'b', '1', 'é', '💡', '"', 'x y');
/** Mostly ordinary names, and those that mean something to JavaScript. */
export const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b') },
  fc.constantFrom('sequence', 'length', 'constructor', '__proto__', 'hasOwnProperty', 'and', 'x y', ''),
);
/** With one of these, an object is a function to the library. */
const mark = fc.constantFrom('_jsonata_function', '_jsonata_lambda');

/** JSON data, and the numbers beyond it that an expression can make. */
const { value } = fc.letrec<{ value: unknown }>((tie) => {
  const ordinary = fc.tuple(name, tie('value'));
  const field = fc.oneof({ weight: 9, arbitrary: ordinary }, fc.tuple(mark, fc.boolean()));
  return {
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(null, true, false),
      number,
      fc.constantFrom(Number.POSITIVE_INFINITY, Number.NaN),
      text,
      fc.array(tie('value'), { maxLength: 3 }),
      {
        weight: 2,
        arbitrary: fc
          .array(field, { minLength: 1, maxLength: 4 })
          .map((fields) => Object.fromEntries(fields)),
      },
    ),
  };
});

/** What an expression sees, made anew for each evaluation: the library appends to an empty array that it groups. */
export const bindings: fc.Arbitrary<() => Bindings> = fc
  .record({
    x: value,
    other: fc.option(value, { nil: undefined }),
    n: number,
    s: text,
    t: fc.boolean(),
    input: value,
    result: value,
    context: value,
  })
  .map((data) => () => {
    const { input, result, context, other, ...variables } = plain(data) as typeof data;
    return {
      // often the same as $x, and never the very same
      variables: { ...variables, y: other ?? plain(data.x), eval: 1, now: 'a variable' },
      stage: { input, result },
      context: () => ({ a: context }),
      clock: virtualClock(),
    };
  });
