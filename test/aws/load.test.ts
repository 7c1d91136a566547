import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { load } from '../../src/aws/load';
import { type PerformanceTest, percentile } from '../../src/domain/evidence/performance';

jest.setTimeout(30_000);

const wave = (more: Partial<PerformanceTest['performance']>): PerformanceTest['performance'] => ({
  ...{ paths: ['/'], concurrency: 3, requestsPerSecond: 50, seconds: 1 },
  ...{ maximumP95Ms: 1, maximumP99Ms: 1, maximumErrorShare: 0, latencyIncrease: null, ...more },
});

let now = 0;
let most = 0;
const asked: string[] = [];
const connections = new Set<unknown>();
const server = createServer((request, response) => {
  asked.push(`${request.headers.host} ${request.url}`);
  connections.add(request.socket);
  most = Math.max(most, ++now);
  setTimeout(() => {
    now--;
    if (request.url === '/dies') return request.socket.destroy();
    response.writeHead(request.url === '/missing' ? 404 : 200).end('x');
  }, 20);
});
let base: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked.length = most = 0;
  connections.clear();
});

const send = (more: Parameters<typeof wave>[0]) =>
  load.open({} as never).send(base, wave(more), 1, 'shop.example.com');

it('sends never more than it may, at a time and altogether, by connections that stay', async () => {
  const { requests, errors, times } = await send({ paths: ['/a', '/b'] });
  expect(requests).toBe(asked.length);
  expect([requests <= 50, most <= 3, connections.size <= 3, errors]).toEqual([true, true, true, 0]);
  expect(new Set(asked)).toEqual(new Set(['shop.example.com /a', 'shop.example.com /b']));
  expect(Object.values(times).reduce((sum, count) => sum + count, 0)).toBe(requests);
  expect(percentile([{ times }], 1)).toBeGreaterThanOrEqual(19);
});

it('counts what is refused, and what is not answered as long as anybody would wait', async () => {
  const missing = await send({ paths: ['/missing'] });
  expect([missing.errors, missing.because]).toEqual([missing.requests, '/missing answered 404']);
  const dead = await send({ paths: ['/dies'], requestsPerSecond: 5 });
  expect([dead.requests, dead.errors]).toEqual([asked.length - missing.requests, dead.requests]);
  expect(dead.because).toMatch(/^\/dies gave no answer \(/);
  expect(percentile([dead], 1)).toBeGreaterThanOrEqual(5000);
});
