import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What somebody has written under a pull request or a commit, and with which token. */
export interface Comment {
  path: string;
  token: string;
  body: string;
}

/** GitHub's and GitLab's APIs, as far as a pipeline comments by them. */
export async function startHost() {
  const comments: Comment[] = [];
  const bodyOf = async (request: IncomingMessage) => {
    const body = await text(request);
    return request.headers['content-type'] === 'application/x-www-form-urlencoded' && !body.startsWith('{')
      ? (new URLSearchParams(body).get('note') ?? '')
      : (JSON.parse(body) as { body: string }).body;
  };
  const server = createServer((request, answer) => {
    const { method, url = '', headers } = request;
    const token = String(headers.authorization ?? headers['private-token']);
    const reply = (status: number, value: unknown) =>
      answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    // Source: GitHub REST API, "List pull requests associated with a commit"
    if (method === 'GET' && /\/commits\/\w+\/pulls$/.test(url)) return reply(200, [{ number: 7 }]);
    if (method !== 'POST' || !url.endsWith('/comments')) return reply(404, { message: 'Not Found' });
    return void bodyOf(request).then((body) => {
      comments.push({ path: url, token, body });
      reply(201, {});
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    close: () => new Promise((closed) => server.close(closed)),
  };
}
