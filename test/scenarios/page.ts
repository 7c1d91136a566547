import type { Dispatcher } from 'undici';

/** A maintenance page as it was announced: 503, when to come back, and a page that says so. */
export async function isPage({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<boolean> {
  const text = await body.text();
  return statusCode === 503 && headers['retry-after'] === '120' && text.includes('We will be back soon');
}
