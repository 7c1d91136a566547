// A server behind the load balancer: prints its port, answers some 200 bytes, and takes 50 ms for /slow.
import http from 'node:http';

const BODY = JSON.stringify({ text: 'x'.repeat(200) });
const SLOW_MS = 50;

const server = http.createServer((request, response) => {
  const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end(BODY);
  if (request.url === '/slow') setTimeout(answer, SLOW_MS);
  else answer();
});
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
process.stdin.resume().on('end', () => process.exit(0));
