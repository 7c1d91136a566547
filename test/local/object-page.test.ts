import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { showObjects } from '../../local/object-page';

let server: Server;
beforeAll(async () => {
  const show = showObjects((bucket, key) =>
    bucket === 'reports' && key === 'a/b c.html' ? Buffer.from('<p>released</p>') : undefined,
  );
  server = createServer((incoming, response) => {
    if (!show(incoming, response)) response.writeHead(418).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => server.close());

async function asked(path: string, host?: string, method = 'GET') {
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, host: '127.0.0.1', path, method, headers: host ? { host } : {} }).end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return [response.statusCode, response.headers['content-type'], body];
}
const PAGE = '/s3/object/reports?region=eu-west-1&prefix=a%2Fb%20c.html';

it('a browser on this machine opens an object as the console of AWS would', async () => {
  expect(await asked(PAGE)).toEqual([200, 'text/html; charset=utf-8', '<p>released</p>']);
});

it('what is not there is said, and no other request is taken', async () => {
  expect((await asked('/s3/object/reports?prefix=other'))[0]).toBe(404);
  expect((await asked('/s3/object/reports'))[0]).toBe(404);
  expect((await asked('/reports/a'))[0]).toBe(418);
  expect((await asked(PAGE, undefined, 'PUT'))[0]).toBe(418);
});

it("somebody else's name that leads to this machine reads nothing", async () => {
  expect(await asked(PAGE, 'evil.example:80')).toEqual([403, 'text/plain', 'expected the host 127.0.0.1']);
});
