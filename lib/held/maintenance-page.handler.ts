/** What a load balancer takes for an answer. Source: ELB User Guide, "Lambda functions as targets". */
interface Answer {
  statusCode: number;
  statusDescription: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Answers every request during a maintenance window, whatever was asked. 503 with Retry-After tells browsers, crawlers
 * and clients that it passes (RFC 9110, 15.6.4), and nobody may keep the page.
 */
export const handler = async (): Promise<Answer> => ({
  statusCode: 503,
  statusDescription: '503 Service Unavailable',
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'retry-after': process.env.RETRY_AFTER_SECONDS ?? '',
    'cache-control': 'no-store',
  },
  body: process.env.PAGE ?? '',
});
