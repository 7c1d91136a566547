import { printable, shown, unprintable } from '../../../src/domain/text/printable';

it.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [-0, '0'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  ['it\'s "so"', '"it\'s \\"so\\""'],
  ['\u001b[2J\u009b\u007f\n', '"\\u001b[2J\\u009b\\u007f\\n"'],
  ['\ud800', '"\\ud800"'],
  ['\u202e\u2028', '"\\u202e\\u2028"'],
  [{ a: [1, { b: 2 }] }, '{"a":[1,{"b":2}]}'],
  [{ a: [{ b: {} }] }, '{"a":[{"b":{...}}]}'],
  [Array(11).fill(1), '[1,1,1,1,1,1,1,1,1,1,...]'],
])('shows %p as %s', (value, text) => expect(shown(value)).toBe(text));

it('is never longer than a line, and never ends in half a character', () => {
  for (let length = 60; length < 90; length++) {
    const text = shown(`${'x'.repeat(length)}${'😀'.repeat(50_000)}`);
    expect(text.length).toBeLessThanOrEqual(81);
    expect(text).not.toMatch(/\p{Cs}/u);
  }
});

it('names the character that cannot be printed', () => {
  expect(unprintable('a\u0007')).toBe('U+0007');
  expect(unprintable('é 😀 👩‍👩‍👧 עברית\u200f ﷺ')).toBeUndefined();
});

it('keeps the characters that it is told to keep', () =>
  expect(printable('a\nb\u001b[0m', '\n')).toBe('a\nb\\u001b[0m'));
