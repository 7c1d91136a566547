import * as z from 'zod/mini';
import { requestSchema } from '../../src/domain/request/request';
import { FIELDS } from './fields';
import { askParser, exampleSettings, knownOf } from './parser';
import { complaintOf, requestOf } from './tally';

const settings = exampleSettings();
const known = knownOf(settings);
const good = { service: 'shop', image: 'shop:v2', reason: 'a ticket' };
const ask = async (request: unknown) => (await askParser(JSON.stringify(request), settings, known)).rejected;

function pathsOf({ shape }: z.ZodMiniObject): string[] {
  return Object.entries(shape).flatMap(([name, field]) => {
    let inner = field;
    while (inner instanceof z.ZodMiniOptional || inner instanceof z.ZodMiniDefault)
      inner = inner.def.innerType;
    return inner instanceof z.ZodMiniObject ? pathsOf(inner).map((path) => `${name}.${path}`) : [name];
  });
}

it('knows every field of a request', () =>
  expect(FIELDS.map(({ path }) => path.join('.')).sort()).toEqual(pathsOf(requestSchema).sort()));

it('rejects 1,800 bad requests with a message that helps, and none of 200 that are odd and good', async () => {
  for (let number = 0; number < 2000; number++) {
    const sent = requestOf(1, number, known);
    expect(complaintOf(number, sent, await askParser(sent.text, settings, known))).toBeUndefined();
  }
});

// each of these was let through, crashed, or got a message that did not help, until it was met here
it.each([
  [
    'a manifest in another bucket',
    { migrations: { manifest: 's3://evil/shop/a.json', digest: `sha256:${'0'.repeat(64)}` } },
    /manifest: expected a manifest below s3:\/\/shop-manifests\/shop\//,
  ],
  [
    'a manifest behind a path that leads elsewhere',
    {
      migrations: { manifest: 's3://shop-manifests/shop/../wiki/a.json', digest: `sha256:${'0'.repeat(64)}` },
    },
    /manifest: expected a manifest below/,
  ],
  [
    'a reason that drives a terminal',
    { reason: 'ok\u001b[1A\u001b[2KDeploymentSucceeded' },
    /reason: expected text without control characters, which U\+001B is, received "ok\\u001b/,
  ],
  ['a name that hides its end', { requestedBy: 'ann\u202egnp.exe' }, /requestedBy: .*U\+202E/],
  ['half a character', { accept: ['\ud800'] }, /accept\.0: .*U\+D800/],
  [
    'migrations that are nothing known',
    { migrations: {} },
    /migrations: expected "run", "none" or \{"manifest"/,
  ],
  ['a tag of a quarter of a megabyte', { image: `${'a/'.repeat(100_000)}shop:v2` }, /^.{0,400}$/],
  ['an environment of a quarter of a megabyte', { environment: 'x'.repeat(200_000) }, /^.{0,400}$/],
  [
    'a rollback window that no date can hold',
    { rollback: { windowSeconds: Number.MAX_SAFE_INTEGER } },
    /windowSeconds: .*<=31536000/,
  ],
  ['a hundred ids that are no ids', { accept: Array(100).fill(null) }, /and 50 more problems$/],
  [
    'ten thousand keys',
    Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])),
    /unknown "k0", .* and 9990 more; remove it/,
  ],
  ['a key that speaks to a terminal', { '\u001b[2J': 1 }, /unknown "\\u001b\[2J"; remove it/],
])('rejects %s, in a message of one line', async (_title, wrong, message) =>
  expect(await ask({ ...good, ...wrong })).toMatch(message),
);

it('says of a value that is nested deeply only how it begins', async () => {
  const deep = `{"service":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  expect((await askParser(deep, settings, known)).rejected).toContain(
    'request.service: expected string, received [[[[...]]]]',
  );
});

it('takes what people write over several lines as one line', async () => {
  const { reason } = requestSchema.parse({ ...good, reason: ' first\n\nERROR\tsecond\u2028third ' });
  expect(reason).toBe('first ERROR second third');
});
