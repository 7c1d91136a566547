import { requestSchema } from '../../../src/domain/request/request';
import { problemsOf } from '../../../src/domain/text/schema-problems';

const request = { service: 'shop', image: 'shop:v2', reason: 'ticket 12' };
const problems = (value: unknown) => {
  const parsed = requestSchema.safeParse(value);
  return parsed.success ? [] : problemsOf(parsed.error, value, 'request');
};

it('needs only service, image and reason', () => {
  expect(problems(request)).toEqual([]);
  expect(requestSchema.parse(request)).toEqual({
    ...request,
    requestedBy: 'unknown',
    migrations: 'run',
    accept: [],
    dryRun: false,
  });
});

it.each([
  'shop:v2',
  'team/shop:2026.11.21',
  '000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop:v2',
  `shop@sha256:${'a'.repeat(64)}`,
  'live',
])('accepts the image %s', (image) => expect(problems({ ...request, image })).toEqual([]));

it.each([
  'shop',
  'live ',
  'alive',
  'shop:',
  ':v2',
  'shop@sha256:abc',
  'shop:v2; rm -rf /',
  "shop:v2' OR 1=1",
  '${env}:v2',
  '',
])('refuses the image "%s" with what was expected', (image) =>
  expect(problems({ ...request, image })).toEqual([
    expect.stringMatching(/^request\.image: expected an image with a tag or a digest.*received/),
  ]),
);

it('reports every problem at once, each with its path, what was expected and what was received', () => {
  expect(
    problems({ service: 7, image: 'shop', strategy: 'BIG_BANG', bakeSeconds: -1, colour: 'green' }),
  ).toEqual([
    'request.service: expected string, received 7',
    expect.stringContaining('request.image: expected an image with a tag or a digest'),
    'request.reason: expected string, received nothing',
    expect.stringMatching(/^request\.strategy: .*"ALL_AT_ONCE".*"CANARY".*received "BIG_BANG"$/),
    expect.stringMatching(/^request\.bakeSeconds: .*>=1, received -1$/),
    'request: unknown "colour"; remove it or check the spelling',
  ]);
});

it.each([null, undefined, [], 'shop', 3])('refuses %p, which is no request at all', (value) =>
  expect(problems(value)).toHaveLength(1),
);

it('cuts what it quotes, because messages go into histories', () => {
  expect(problems({ ...request, image: 'x'.repeat(100_000) })[0]!.length).toBeLessThan(300);
});
