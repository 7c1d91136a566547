import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { createCertificates } from '../../local/postgres/certificates';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'greenlight-ask-'));
const servers: Server[] = [];
let caFile: string;
let secure: string;
let plain: string;
/** The names by which the servers were asked. */
const asked: { host?: string; name?: string | false | null }[] = [];

const listening = (server: Server) =>
  new Promise<number>((resolve) => {
    servers.push(server);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

beforeAll(async () => {
  const certificates = await createCertificates(folder);
  caFile = certificates.caFile;
  const { certificate, key } = await certificates.issue('localhost');
  secure = `https://127.0.0.1:${await listening(
    createServer({ cert: certificate, key }, (request, response) => {
      asked.push({ host: request.headers.host, name: (request.socket as TLSSocket).servername });
      response.end('{"version":"v2"}');
    }),
  )}`;
  plain = `http://127.0.0.1:${await listening(
    createPlain((request, response) => {
      asked.push({ host: request.headers.host });
      response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end(request.headers['x-asked-by']);
    }),
  )}`;
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => asked.splice(0));

async function ask(...args: string[]) {
  const { stdout } = await promisify(execFile)('node', ['bin/run.js', 'test/aws/ask.ts', ...args], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
  });
  return JSON.parse(stdout);
}

it('asks a test listener over HTTPS by the host that its certificate is for', async () => {
  expect(await ask(secure, 'localhost')).toMatchObject({ status: 200, body: '{"version":"v2"}' });
  expect(asked).toEqual([{ host: 'localhost', name: 'localhost' }]);
});

it('takes no answer from who cannot prove to be that host', async () => {
  expect(await ask(secure, 'shop.example.com')).toEqual({
    none: expect.stringMatching(/does not match certificate's altnames: Host: shop\.example\.com/),
  });
  expect(asked).toEqual([]);
});

it('asks over HTTP with the host, the headers and the load balancer’s own name where none is set', async () => {
  const answer = {
    status: 200,
    body: 'a test',
    headers: expect.objectContaining({ 'set-cookie': 'a=1, b=2' }),
  };
  expect(await ask(plain, 'shop.example.com')).toMatchObject(answer);
  expect(await ask(plain)).toMatchObject(answer);
  expect(asked).toEqual([{ host: 'shop.example.com' }, { host: plain.slice('http://'.length) }]);
});

it('says why nobody answered', async () =>
  expect(await ask('http://127.0.0.1:1')).toEqual({ none: expect.stringMatching(/ECONNREFUSED/) }));
