import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channel, type Send } from '../../src/cli/page/channel';
import { pageServer } from '../../src/cli/page/http';
import { UsageError } from '../../src/cli/usage-error';

let files: string;
let server: ReturnType<typeof pageServer>;
let port: number;
/** What was done, and what the page was told to be done. */
const done: unknown[] = [];
let told: Send = () => {};

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), 'greenlight-page-test-'));
  for (const name of ['index.html', 'page.js', 'page.css', 'icon.svg'])
    writeFileSync(join(files, name), name);
  const quiet = channel(async (tell) => {
    told = tell;
    tell({ head: 'first' });
  }, 60_000);
  server = pageServer({
    files,
    list: () => quiet,
    deployment: () => quiet,
    act: async (body) => {
      const { verb } = body as { verb?: string };
      if (verb === undefined) throw new UsageError('expected a verb');
      if (verb === 'late') throw new Error('deployment x has ended');
      done.push(body);
      return 'it is done';
    },
    about: { stack: 'Shop', user: 'ann' },
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(files, { recursive: true });
});

/** A request as any program can send it, also with headers that no browser lets a page set. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = '') {
  const sent = request({ host: '127.0.0.1', port, path, method, headers });
  sent.end(body);
  const [response] = await once(sent, 'response');
  let text = '';
  if (!path.startsWith('/events')) for await (const part of response.setEncoding('utf8')) text += part;
  return { status: response.statusCode as number, headers: response.headers, text, response };
}

/** The first events of a stream, up to one that has a word in it. */
async function events(until: string) {
  const { response } = await ask('/events?deployment=x');
  let text = '';
  for await (const part of response.setEncoding('utf8')) {
    text += part;
    if (text.includes(until)) break;
  }
  return text;
}

const tokenOf = async () => /"token":"([^"]+)"/.exec(await events('"token"'))?.[1] ?? '';
const own = () => `http://127.0.0.1:${port}`;
const said = (headers: Record<string, string>, body: unknown = { verb: 'pause' }) =>
  ask('/said', { 'content-type': 'application/json', ...headers }, 'POST', JSON.stringify(body));

it('serves its files, which may load nothing from elsewhere and stand in no frame', async () => {
  for (const path of ['/', '/page.js', '/page.css']) {
    const { status, headers } = await ask(path);
    expect([path, status]).toEqual([path, 200]);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
  expect((await ask('/../package.json')).status).toBe(404);
});

it.each(['greenlight.example', `greenlight.example:1`, `127.0.0.1`, 'localhost:1', `127.0.0.1.nip.io:80`])(
  'answers nothing to a request for the host %s, which somebody has made to lead here',
  async (host) => {
    for (const path of ['/', '/events?deployment=x', '/said'])
      expect([path, (await ask(path, { host })).status]).toEqual([path, 403]);
  },
);

it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://localhost'])(
  'answers nothing to a page of %s',
  async (origin) => {
    const token = await tokenOf();
    for (const path of ['/', '/events?deployment=x'])
      expect([path, (await ask(path, { origin })).status]).toEqual([path, 403]);
    expect((await said({ origin, 'x-greenlight-token': token })).status).toBe(403);
    expect(done).toEqual([]);
  },
);

it('does what is said only with its own origin, its token, and as JSON', async () => {
  const token = await tokenOf();
  const origin = own();
  const tokenHeader = { 'x-greenlight-token': token };
  expect((await said({ origin })).status).toBe(403);
  expect((await said(tokenHeader)).status).toBe(403);
  expect((await said({ origin, 'x-greenlight-token': `${token.slice(0, -1)}!` })).status).toBe(403);
  expect((await said({ origin, ...tokenHeader, 'content-type': 'text/plain' })).status).toBe(415);
  expect((await ask('/said', { origin, ...tokenHeader })).status).toBe(405);
  expect(done).toEqual([]);
  const { status, text } = await said({ origin, ...tokenHeader });
  expect([status, JSON.parse(text)]).toEqual([200, { text: 'it is done' }]);
  expect(done).toEqual([{ verb: 'pause' }]);
});

it('says why nothing was done: what cannot be understood, and what cannot be done now', async () => {
  const headers = { origin: own(), 'x-greenlight-token': await tokenOf() };
  const wrong = await said(headers, {});
  expect([wrong.status, JSON.parse(wrong.text)]).toEqual([400, { problem: 'expected a verb' }]);
  const late = await said(headers, { verb: 'late' });
  expect([late.status, JSON.parse(late.text)]).toEqual([409, { problem: 'deployment x has ended' }]);
  expect((await said(headers, { long: 'x'.repeat(20_000) })).status).toBe(400);
});

it('tells who comes all that is known, and everybody what changes', async () => {
  const first = await events('event: parts');
  expect(first).toMatch(/^retry: \d+\nevent: about\ndata: \{"stack":"Shop","user":"ann","token":"\S+"\}\n/);
  expect(first).toContain('event: parts\ndata: {"head":"first"');
  const news = events('second');
  await events('first');
  told({ head: 'first', charts: 'second' });
  expect(await news).toContain('data: {"charts":"second"}');
});
