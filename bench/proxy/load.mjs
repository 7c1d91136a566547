// node load.mjs <port> <connections> <seconds> <share of /slow>: each connection asks again as soon as it is answered.
// Prints { answered, lost, seconds, p50, p99 } (milliseconds) as JSON. Bare sockets, so that the load costs little.
import net from 'node:net';

const [port, connections, seconds, slowShare] = process.argv.slice(2).map(Number);
const until = performance.now() + seconds * 1_000;
const times = [];
let lost = 0;

/** Whether `text` is a whole response: one that announces its length, or ends in the last chunk. */
function isWhole(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(text.slice(0, head))?.[1];
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= head + 4 + Number(length);
}

function client() {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    let text = '';
    let asked = 0;
    let waiting = false;
    const ask = () => {
      if (performance.now() > until) return socket.destroy();
      const path = Math.random() < slowShare ? '/slow' : '/';
      waiting = true;
      asked = performance.now();
      socket.write(`GET ${path} HTTP/1.1\r\nhost: shop\r\n\r\n`);
    };
    socket.on('connect', ask);
    socket.on('data', (data) => {
      text += data;
      if (!isWhole(text)) return;
      waiting = false;
      if (text.startsWith('HTTP/1.1 200 ')) times.push(performance.now() - asked);
      else lost++;
      text = '';
      ask();
    });
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
