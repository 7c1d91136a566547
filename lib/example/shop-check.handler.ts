import http from 'node:http';
import https from 'node:https';
import { json } from 'node:stream/consumers';

/** What the workflow tells a function that tests a new version. */
interface Event {
  deploymentId: string;
  service: string;
  image: string;
  /** Where the new version answers before any user does. */
  baseUrl: string;
  /** The name that it is asked by, for which its certificate is where that is HTTPS. */
  host: string;
}

/** `fetch` asks by no other name than the URL's. */
const ask = (url: string, host: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const { get } = url.startsWith('https:') ? https : http;
    get(url, { servername: host, headers: { host } }, (response) => json(response).then(resolve, reject)).on(
      'error',
      reject,
    );
  });

/** The shop's own test of a new version: a status of 200 does not yet say that there is something to sell. */
export async function handler({ baseUrl, host }: Event): Promise<{ passed: boolean; reason?: string }> {
  const products = (await ask(`${baseUrl}/products`, host)) as { price_cents: unknown }[];
  const unpriced = products.filter(({ price_cents }) => typeof price_cents !== 'number').length;
  if (products.length === 0) return { passed: false, reason: 'there are no products' };
  return unpriced === 0
    ? { passed: true }
    : { passed: false, reason: `${unpriced} of ${products.length} products have no price` };
}
