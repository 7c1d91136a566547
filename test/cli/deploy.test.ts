import { join } from 'node:path';
import { inProcess } from '../input/command';
import { projectWith } from './project';

const LINE = ['deploy', '--workflow', 'Shop'];
const GOOD = ['--service', 'shop', '--image', 'shop:v2', '--reason', 'ticket 12'];

it.each([
  ['no JSON', '{', 1, /^error: \S+request\.json cannot be read: .*; it is a request as JSON$/],
  ['a list', '[]', 1, /^error: \S+ is no request: expected a JSON object with service, image and reason$/],
  [
    'what no request has',
    '{"service":"shop","image":"shop:v2","reason":"r","colour":"green"}',
    2,
    /^error: request: unknown "colour"; remove it or check the spelling; greenlight deploy --help lists/,
  ],
  [
    'several mistakes',
    '{"service":"shop","image":"shop","bakeSeconds":-1}',
    2,
    /^error: request\.image: .*request\.reason: .*received nothing.*request\.bakeSeconds: .*received -1; greenlight deploy --help/,
  ],
])('a file with %s is one clear error', async (_, text, code, message) => {
  const file = join(projectWith({ 'request.json': text }), 'request.json');
  expect(await inProcess([...LINE, '--file', file])).toEqual({
    code,
    out: '',
    error: expect.stringMatching(message),
  });
});

it('a file that is not there is one clear error', async () => {
  const { code, error } = await inProcess([...LINE, '--file', '/nowhere/request.json']);
  expect([code, error]).toEqual([
    1,
    expect.stringMatching(/^error: \/nowhere\/request\.json cannot be read: ENOENT/),
  ]);
});

it('options take the place of what the file says, and what it leaves out', async () => {
  const file = join(projectWith({ 'request.json': '{"image":"shop"}' }), 'request.json');
  // good together: only AWS is missing
  const { code, error } = await inProcess([...LINE, ...GOOD, '--file', file]);
  expect([code, error]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
});

it('a number that is none is said as it was typed', async () => {
  const { code, error } = await inProcess([
    ...LINE,
    ...GOOD,
    '--canary-percent',
    'ten',
    '--bake-seconds',
    '0',
  ]);
  expect(code).toBe(2);
  expect(error).toMatch(
    /^error: request\.canaryPercent: .*received "ten"; request\.bakeSeconds: .*received 0; greenlight deploy/,
  );
});
