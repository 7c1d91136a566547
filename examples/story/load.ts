import { Pool } from 'undici';
import { type Counts, countAnswer, noCounts } from './counts';

/**
 * Users of the shop, in a process of their own so that they share no event loop with what they measure:
 * `load.ts <url> <requests per second> <seconds at most>`. Requests are sent when they are due, not when the
 * last one was answered: a slow shop cannot hide its slowness by being asked less. Prints what it counted as
 * one JSON line each 250 ms. Ends when its standard input does.
 */
const [url = '', rateText = '', secondsText = ''] = process.argv.slice(2);
const rate = Number(rateText);
const TICK_MS = 5;
const REPORT_MS = 250;
const CONNECTIONS = 128;
/** Requests that could not be sent in time are given up after this long, or a pause would end in a burst. */
const DEBT_SECONDS = 0.5;
const ANSWER_MS = 10_000;

const PRODUCTS = 8000;
const ORDERS = 2000;

/** One in ten is an order, seven in ten look at a product; numbers walk over all of them. */
function request(n: number): { method: 'GET' | 'POST'; path: string; body?: string } {
  const product = 1 + ((n * 7919) % PRODUCTS);
  switch (n % 10) {
    case 3:
      return { method: 'POST', path: '/orders', body: JSON.stringify({ productId: product, quantity: 1 }) };
    case 6:
      return { method: 'GET', path: `/orders/${1 + (n % ORDERS)}` };
    case 9:
      return { method: 'GET', path: `/products?after=${product}` };
    default:
      return { method: 'GET', path: `/products/${product}` };
  }
}

const shop = new Pool(url, { connections: CONNECTIONS, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS });
let counts: Counts = noCounts();
let inFlight = 0;
let sent = 0;

async function send(n: number) {
  inFlight++;
  const started = performance.now();
  try {
    const { statusCode, headers, body } = await shop.request(request(n));
    await body.dump();
    countAnswer(counts, {
      status: statusCode,
      version: headers['x-version'] as string | undefined,
      retryAfter: headers['retry-after'] !== undefined,
      ms: performance.now() - started,
    });
  } catch {
    countAnswer(counts, { status: 0, retryAfter: false, ms: performance.now() - started });
  } finally {
    inFlight--;
  }
}

function report() {
  console.log(JSON.stringify(counts));
  counts = noCounts();
}

const startedAt = performance.now();
let skipped = 0;
const sending = setInterval(() => {
  const due = ((performance.now() - startedAt) / 1000) * rate - skipped;
  skipped += Math.max(0, due - sent - rate * DEBT_SECONDS);
  while (sent < due && inFlight < CONNECTIONS) void send(sent++);
}, TICK_MS);
const reporting = setInterval(report, REPORT_MS);

let ending = false;
async function end() {
  if (ending) return;
  ending = true;
  clearInterval(sending);
  clearInterval(reporting);
  await shop.close();
  report();
  process.exit(0);
}

setTimeout(end, Number(secondsText) * 1000);
process.stdin.resume().on('end', end).on('error', end);
// the terminal sends Ctrl-C to everybody; the parent decides when the users leave
process.on('SIGINT', () => {});
