import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { percentile, requests, since } from '../../../examples/story/counts';
import { startTraffic, type Traffic } from '../../../examples/story/traffic';

let server: Server;
let traffic: Traffic | undefined;
/** What the server answers; undefined breaks the connection. */
let answer: (request: { method?: string; url?: string }) => number | undefined;
const asked: string[] = [];

beforeEach(async () => {
  asked.length = 0;
  answer = () => 200;
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const status = answer(request);
    if (status === undefined) return request.socket.destroy();
    response.writeHead(status, { 'x-version': 'v1' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await traffic?.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
async function until(condition: () => boolean) {
  const end = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not happen within 30 s');
    await setTimeout(20);
  }
}

describe('the load generator', () => {
  it('sends the rate it was asked for, a tenth of it orders, and counts by version', async () => {
    traffic = startTraffic(url(), 400);
    await until(() => requests(traffic!.totals()) > 800);

    expect(traffic.rps()).toBeGreaterThan(200);
    expect(traffic.rps()).toBeLessThan(500);
    const totals = await traffic.mark();
    expect(totals).toMatchObject({ lost: 0, appErrors: 0, versions: { v1: totals.ok } });
    const orders = asked.filter((line) => line === 'POST /orders').length;
    expect(orders / asked.length).toBeCloseTo(0.1, 1);
    expect(percentile(totals, 0.5)).toBeGreaterThan(0);
    expect(percentile(totals, 0.99)).toBeGreaterThanOrEqual(percentile(totals, 0.5));
  });

  it('tells lost requests from mistakes of the application', async () => {
    let n = 0;
    answer = () => [200, 500, 502, 503, 504, undefined][n++ % 6];
    traffic = startTraffic(url(), 300);
    await until(() => requests(traffic!.totals()) >= 300);
    await traffic.stop();

    const { ok, appErrors, lost } = traffic.totals();
    expect(ok + appErrors + lost).toBe(n);
    expect(appErrors / n).toBeCloseTo(1 / 6, 1);
    expect(lost / n).toBeCloseTo(4 / 6, 1);
  });

  it('counts what came after a mark', async () => {
    traffic = startTraffic(url(), 300);
    await until(() => requests(traffic!.totals()) >= 100);
    const before = await traffic.mark();
    answer = () => 500;
    await until(() => traffic!.totals().appErrors > 100);
    const after = since(await traffic.mark(), before);

    expect(after.appErrors).toBeGreaterThan(100);
    expect(after.ok).toBeLessThan(before.ok + 150);
    expect(percentile(after, 0.5)).toBeGreaterThan(0);
  });

  it('goes on sending while answers are slow, up to its bound', async () => {
    const waiting: (() => void)[] = [];
    server.removeAllListeners('request');
    server.on('request', (_request, response) => waiting.push(() => response.end()));
    traffic = startTraffic(url(), 2_000);
    await until(() => waiting.length === 128);
    await setTimeout(200);
    expect(waiting).toHaveLength(128);
    server.on('request', () => waiting.pop()?.());
    for (const release of waiting.splice(0)) release();
    await until(() => requests(traffic!.totals()) > 128);
  });

  it('says so when it ends by itself', async () => {
    traffic = startTraffic(url(), 10, 0.2);
    await expect(traffic.lost).rejects.toThrow('the load generator ended by itself');
  });
});
