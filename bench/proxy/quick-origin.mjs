// A server so quick that it does not hide what stands before it: it prints its port, and answers every request with
// the same some 200 bytes. It knows no HTTP beyond the empty line that ends a request without a body.
import net from 'node:net';

const BODY = JSON.stringify({ text: 'x'.repeat(200) });
const ANSWER = Buffer.from(
  [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    `Date: ${new Date().toUTCString()}`,
    'Connection: keep-alive',
    'Keep-Alive: timeout=65',
    `Content-Length: ${BODY.length}`,
    '',
    BODY,
  ].join('\r\n'),
);
const END = '\r\n\r\n';

const server = net.createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (data) => {
    text += data.toString('latin1');
    for (let end = text.indexOf(END); end >= 0; end = text.indexOf(END)) {
      text = text.slice(end + END.length);
      socket.write(ANSWER);
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit(0));
