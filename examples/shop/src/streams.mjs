import { createHash } from 'node:crypto';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 0x81;
const CLOSE = 0x8;

const frame = (text) => Buffer.concat([Buffer.from([TEXT, Buffer.byteLength(text)]), Buffer.from(text)]);

/**
 * Accepts WebSockets on a server, and sends each of them what `tell` says (at most 125 bytes), again and again.
 * @returns the open connections
 */
export function acceptStreams(server, tell, everyMs = 1_000) {
  const streams = new Set();
  server.on('upgrade', (request, socket) => {
    const key = request.headers['sec-websocket-key'];
    if (request.headers.upgrade?.toLowerCase() !== 'websocket' || !key) {
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const accept = createHash('sha1')
      .update(key + GUID)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    streams.add(socket);
    const telling = setInterval(() => socket.write(frame(tell())), everyMs);
    socket.write(frame(tell()));
    // a client that closes says so first, and waits for the answer
    socket.on('data', (bytes) => (bytes[0] & 0xf) === CLOSE && socket.end(Buffer.from([0x88, 0])));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(telling);
      streams.delete(socket);
    });
  });
  return streams;
}
