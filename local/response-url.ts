import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CustomResources } from './template';

const PATH = '/_local/cloudformation/';
const LARGEST_BYTES = 64 * 1024;

/** Where the function of a custom resource sends its answer. */
export const responsePath = (id: string) => PATH + id;

async function receive(customResources: CustomResources, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BYTES) return response.writeHead(413).end();
    chunks.push(chunk);
  }
  const id = request.url!.slice(PATH.length);
  const taken = customResources.respond(id, Buffer.concat(chunks).toString('utf8'));
  response.writeHead(taken ? 200 : 404).end();
}

/** Takes the answers of custom resources: `PUT /_local/cloudformation/<request id>`. True when it took the request. */
export function receiveResponses(customResources: CustomResources) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'PUT' || !request.url?.startsWith(PATH)) return false;
    receive(customResources, request, response).catch(() => response.destroy());
    return true;
  };
}
