import { applyPatch } from '../../../local/endpoint/patch';

test.each<[string, unknown, unknown, unknown]>([
  ['members are merged', { a: 1, b: { c: 2 } }, { b: { d: 3 } }, { a: 1, b: { c: 2, d: 3 } }],
  ['null removes', { a: 1, b: 2 }, { a: null }, { b: 2 }],
  ['lists are replaced by lists', { a: [1, 2] }, { a: [] }, { a: [] }],
  [
    'objects are laid on every element',
    { a: [{ x: 1 }, { y: 2 }] },
    { a: { x: 9 } },
    { a: [{ x: 9 }, { x: 9, y: 2 }] },
  ],
  ['what is not there is made', {}, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
])('%s', (_title, target, patch, expected) => {
  const before = JSON.stringify(target);
  const result = applyPatch(target, patch);
  expect(result).toStrictEqual(expected);
  expect(JSON.stringify(target)).toBe(before);
});

test('dates are values, not objects to merge into', () => {
  expect(applyPatch({ at: new Date(0) }, { at: { x: 1 } })).toEqual({ at: { x: 1 } });
});
