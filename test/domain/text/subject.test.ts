import { subjectOf } from '../../../src/domain/text/subject';

it.each([
  ['a line as it is', 'shop: shop:v2 is live', 'shop: shop:v2 is live'],
  ['one line of several', ' shop:\n shop:v2\tis live ', 'shop: shop:v2 is live'],
  ['no letter that Amazon SNS refuses', 'größe: 😀 is live', 'gr??e: ? is live'],
  ['less than a hundred characters', 'x'.repeat(99), 'x'.repeat(99)],
  ['the beginning of a longer one', 'x'.repeat(100), `${'x'.repeat(96)}...`],
])('a subject is %s', (_, text, subject) => expect(subjectOf(text)).toBe(subject));
