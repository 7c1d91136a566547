import type { ServerResponse } from 'node:http';

/** Answers a request with an error of the load balancer's own. */
export function refuse(response: ServerResponse, status: number, reason: string): void {
  const body = `<html>\r\n<head><title>${status} ${reason}</title></head>\r\n<body>\r\n<center><h1>${status} ${reason}</h1></center>\r\n</body>\r\n</html>\r\n`;
  response
    .writeHead(status, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(body) })
    .end(body);
}
