import { readOptions } from '../../local/options';

it.each([
  [[], undefined],
  [['--consistency', 'at-once'], undefined],
  [['--consistency', 'aws'], { seed: 1 }],
  [['--consistency', 'aws:0'], { seed: 0 }],
  [['--consistency=aws:42'], { seed: 42 }],
])('%j: reads lag by %j', (args, consistency) => {
  expect(readOptions(args)).toMatchObject({ consistency });
});

it.each([
  '',
  'AWS',
  'aws:',
  'aws:-1',
  'aws:1.5',
  'aws:x',
  'aws:1e3',
  'aws:12345678901',
  ' aws',
  'none',
  'true',
])('--consistency %j is refused with what it needs', (value) => {
  expect(() => readOptions([`--consistency=${value}`])).toThrow(
    `--consistency needs aws, aws:N with a whole number of at most nine digits as its seed, or at-once, got ${JSON.stringify(value)}`,
  );
});
