import type { Build } from '../../bench/frame/build';
import { measure } from '../../bench/frame/measure';
import type { Measurement } from '../../bench/frame/row';

const now: Build = { side: 'now', root: '/now', commit: 'b' };
const earlier: Build = { side: 'earlier', root: '/earlier', commit: 'a' };
const rows = { thing: { name: 'a thing', unit: 'ms', how: 'by a clock' } };

async function measured(measurement: Measurement, runs?: number) {
  const told: string[] = [];
  const results = await measure(measurement, { now, earlier }, { runs, tell: (line) => told.push(line) });
  return { told: told.map((line) => line.split(',')[0]), result: results[0] };
}

const sample = ({ side }: Build) => Promise.resolve({ thing: side === 'now' ? 1 : 4 });

it('samples both builds in turns, each as often first as last', async () => {
  const { told, result } = await measured({ rows, sample, beside: 'earlier' }, 2);
  expect(told).toEqual(['now', 'earlier', 'earlier', 'now']);
  expect(result).toMatchObject({ beside: 'earlier', ratio: 0.25, now: { samples: 2 }, other: { median: 4 } });
});

it('names a peer with its version', async () => {
  const peer = { name: 'nginx', version: () => '1.29', sample: async () => ({ thing: 2 }) };
  expect((await measured({ rows, sample, beside: peer, runs: 1 })).result).toMatchObject({
    beside: 'nginx 1.29',
    ratio: 0.5,
  });
});

it('says so when a peer is not installed, and measures ours', async () => {
  const peer = { name: 'nginx', version: () => undefined, sample: () => Promise.reject(new Error('asked')) };
  const { result } = await measured({ rows, sample, beside: peer, runs: 1 });
  expect(result).toMatchObject({ now: { median: 1 }, missing: 'nginx is not installed' });
  expect(result?.ratio).toBeUndefined();
});

it('says why something cannot be measured here, and does not try', async () => {
  const missing = () => 'there is no server; install one';
  const { told, result } = await measured({ rows, sample, missing });
  expect([told, result]).toEqual([[], { row: rows.thing, missing: missing() }]);
});
