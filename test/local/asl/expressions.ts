import * as fc from 'fast-check';
import { libraryExpression } from '../../../local/asl/jsonata-library';
import { name, number, text } from './bindings';

const quoted = (field: string) => `\`${field}\``;
const fixed = (...texts: string[]) => fc.constantFrom(...texts);
const path = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fixed('$x', '$y', '$states.input', '$states.result', '$states.context') },
      fixed(...'$n $s $now $states $states.none $none $constructor $eval $ $$ a'.split(' ')),
    ),
    fc.array(name.map(quoted), { maxLength: 2 }),
  )
  .map((steps) => steps.flat().join('.'));

const literal = (values: fc.Arbitrary<unknown>) => values.map((one) => JSON.stringify(one));
const made = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(' '));
const often = (...arbitraries: fc.Arbitrary<string>[]) =>
  arbitraries.map((arbitrary) => ({ weight: 4, arbitrary }));

export const ARITHMETIC = ['+', '-', '*', '/', '%'];
export const ORDER = ['<', '<=', '>', '>='];
export const EQUALITY = ['=', '!='];
/** What only the library knows. */
const MORE_THAN_A_PATH = '[0] [] {"k":a} .* .** .$a .$n .(a) .{"k":a} ^(a) #$i #$i.$i @$v @$v.$v'.split(' ');
const CALLS = ['$count', '$exists', '$not', '$string', '$sum', '$keys'];

/** Mostly what a shortcut knows and of types that fit, now and then anything. */
const { any } = fc.letrec<Record<'any' | 'number' | 'text' | 'truth' | 'other', string>>((tie) => {
  const [any, number_, text_, truth_] = [tie('any'), tie('number'), tie('text'), tie('truth')];
  const group = (inner: fc.Arbitrary<string>) => made(fixed('('), inner, fixed(')'));
  return {
    any: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      ...often(path, number_, text_, truth_, literal(fc.constant(null))),
      ...often(made(truth_, fixed('?'), any, fixed(':'), any)),
      { weight: 2, arbitrary: tie('other') },
    ),
    number: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      ...often(literal(number), fixed('$n'), made(number_, fixed(...ARITHMETIC), number_)),
      any,
    ),
    text: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      ...often(literal(text), fixed('$s'), made(text_, fixed('&'), text_)),
      any,
    ),
    truth: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      ...often(literal(fc.boolean()), fixed('$t'), made(truth_, fixed('and', 'or'), truth_)),
      ...often(made(number_, fixed(...ORDER), number_), made(any, fixed(...EQUALITY), any)),
      made(fixed('$x'), fixed(...EQUALITY), fixed('$y')),
      ...often(made(text_, fixed(...ORDER), text_)),
      any,
    ),
    other: fc.oneof(
      { maxDepth: 3 },
      group(any),
      made(group(any), fixed('?'), any),
      { weight: 4, arbitrary: made(path, fixed(...MORE_THAN_A_PATH)) },
      made(any, fixed('in', '..'), any),
      made(number_, fixed('in', '..'), number_),
      made(fixed('-'), any),
      made(fixed('['), any, fixed(','), any, fixed(']')),
      made(fixed('{"k":'), any, fixed('}')),
      made(fixed(...CALLS), group(any)),
    ),
  };
});

function isSyntax(source: string): boolean {
  try {
    libraryExpression(source);
    return true;
  } catch {
    return false;
  }
}
export const expression = any.filter(isSyntax);
