import { lastWords } from '../../../src/domain/privacy/last-words';

it.each([
  ['no lines', [], ''],
  ['empty lines', ['', '  '], ''],
  ['lines, the newest last', ['starting', 'cannot start'], 'its last words: starting | cannot start'],
  [
    'a URL with a password',
    ['postgres://shop:s3cr3t@db/shop'],
    'its last words: postgres://shop:***@db/shop',
  ],
  ['an environment', ['DB_PASSWORD=s3cr3t HOST=db'], 'its last words: DB_PASSWORD=*** HOST=db'],
  ['JSON', ['{"api_key": "s3 cr3t","host":"db"}'], 'its last words: {"api_key":"***","host":"db"}'],
  ['a header', ['authorization: Bearer s3cr3t, host: db'], 'its last words: authorization: ***, host: db'],
  ['SQL', ["ALTER ROLE shop PASSWORD 's3cr3t'"], "its last words: ALTER ROLE shop PASSWORD '***'"],
  ['what a terminal would obey', ['\u001b[31mred'], 'its last words: \\u001b[31mred'],
])('quotes %s', (_, lines, said) => expect(lastWords(lines)).toBe(said));

it('cuts a line that nobody would read', () => {
  expect(lastWords(['x'.repeat(10_000)]).length).toBeLessThan(400);
});
