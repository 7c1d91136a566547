// node load.mjs <port> <connections> <seconds> <share of /slow>: each connection asks again as soon as it is answered.
// Prints { answered, lost, seconds, p50, p99 } (milliseconds) as JSON. Bare sockets that read into one buffer each, so
// that the load costs little.
import net from 'node:net';

const [port, connections, seconds, slowShare] = process.argv.slice(2).map(Number);
const until = performance.now() + seconds * 1_000;
const READ_BYTES = 64 * 1024;
const times = [];
let lost = 0;

const requestOf = (path) => `GET ${path} HTTP/1.1\r\nhost: shop\r\n\r\n`;
const [quick, slow] = [requestOf('/'), requestOf('/slow')];

/** Whether `text` is a whole response: one that announces its length, or ends in the last chunk. */
function isWhole(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(text.slice(0, head))?.[1];
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= head + 4 + Number(length);
}

function client() {
  return new Promise((resolve) => {
    let text = '';
    let asked = 0;
    let waiting = false;
    const buffer = Buffer.alloc(READ_BYTES);
    const callback = (length) => {
      text += buffer.toString('latin1', 0, length);
      if (isWhole(text)) answered(performance.now());
      return true;
    };
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback } });
    const ask = (now) => {
      if (now > until) return socket.destroy();
      waiting = true;
      asked = now;
      socket.write(Math.random() < slowShare ? slow : quick, 'latin1');
    };
    const answered = (now) => {
      waiting = false;
      if (text.startsWith('HTTP/1.1 200 ')) times.push(now - asked);
      else lost++;
      text = '';
      ask(now);
    };
    socket.on('connect', () => ask(performance.now()));
    socket.on('error', () => {});
    socket.on('close', () => {
      if (waiting) lost++;
      resolve();
    });
  });
}

await Promise.all(Array.from({ length: connections }, client));
times.sort((a, b) => a - b);
const percentile = (share) => times[Math.floor(times.length * share)];
console.log(
  JSON.stringify({ answered: times.length, lost, seconds, p50: percentile(0.5), p99: percentile(0.99) }),
);
