import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Dispatcher } from 'undici';
import { hasBody, requestHeaders, responseHeaders } from './headers';
import type { Tally } from './tally';
import type { ProxyTarget } from './target';
import type { TargetGroup } from './target-group';

export interface ExchangeOptions {
  request: IncomingMessage;
  response: ServerResponse;
  group: TargetGroup;
  tallies: readonly Tally[];
  /** Sent along with the target's headers. */
  setCookie?: string;
  /** How long the target may take to answer, and to go on sending; real time. */
  idleTimeoutMs: number;
  /** Sends a GET or HEAD once more when its connection died before a response; ELB does not. */
  retryGet: boolean;
}

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);
const CONNECT_FAULTS = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

const codeOf = (error: Error) => (error as NodeJS.ErrnoException).code ?? '';

/** Answers a request with an error of the load balancer's own. */
export function refuse(response: ServerResponse, status: number, reason: string): void {
  const body = `<html>\r\n<head><title>${status} ${reason}</title></head>\r\n<body>\r\n<center><h1>${status} ${reason}</h1></center>\r\n</body>\r\n</html>\r\n`;
  response
    .writeHead(status, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(body) })
    .end(body);
}

/**
 * One request on its way through the load balancer and back.
 *
 * What undici has not yet written to a socket it sends over another connection by itself, for the target cannot have
 * seen it. Once a byte may have been written, the target may have acted on it, so the request is not sent again:
 * the client gets 502, as from ELB.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  private readonly started = performance.now();
  private controller: Dispatcher.DispatchController | undefined;
  private readonly withBody: boolean;
  private body: PassThrough | null = null;
  private target: ProxyTarget | undefined;

  private constructor(
    private readonly options: ExchangeOptions,
    private readonly tries: number,
  ) {
    this.withBody = hasBody(options.request);
  }

  static start(options: ExchangeOptions, tries = 1): void {
    const exchange = new Exchange(options, tries);
    exchange.send();
  }

  private send(): void {
    const { request, response, group, tallies, idleTimeoutMs } = this.options;
    const target = group.pick();
    if (!target) {
      for (const tally of tallies) tally.ownFaults++;
      refuse(response, 503, 'Service Temporarily Unavailable');
      return;
    }
    if (this.tries === 1) for (const tally of tallies) tally.requests++;
    this.target = target;
    target.began();
    // A failing upstream destroys the body it was given; the client's own stream must survive that to carry the 502.
    if (this.withBody) this.body = request.pipe(new PassThrough().on('error', () => {}));
    response.on('close', this.clientGone);
    target.pool.dispatch(
      {
        path: request.url!,
        method: request.method as Dispatcher.HttpMethod,
        headers: requestHeaders(request),
        body: this.body,
        headersTimeout: idleTimeoutMs,
        bodyTimeout: idleTimeoutMs,
      },
      this,
    );
  }

  private readonly clientGone = () => {
    if (this.options.response.writableFinished) return;
    const reason = new Error('the client closed the connection');
    this.body?.destroy(reason);
    this.controller?.abort(reason);
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.options.response.destroyed) controller.abort(new Error('the client closed the connection'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    const { response, tallies, setCookie } = this.options;
    const seconds = (performance.now() - this.started) / 1_000;
    for (const tally of tallies) tally.answered(status, seconds);
    responseHeaders(headers);
    if (setCookie) headers['set-cookie'] = [headers['set-cookie'] ?? [], setCookie].flat();
    response.writeHead(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response } = this.options;
    if (response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => controller.resume());
  }

  /** Reads what the target did not take of the body; unread, it would block the next request of the connection. */
  private dropRestOfBody(): void {
    if (!this.body) return;
    this.options.request.unpipe(this.body);
    this.options.request.resume();
  }

  onResponseEnd(): void {
    this.target!.ended();
    this.dropRestOfBody();
    this.options.response.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.target!.ended();
    this.dropRestOfBody();
    const { request, response, tallies, retryGet } = this.options;
    response.off('close', this.clientGone);
    if (response.destroyed) return;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const isGet = request.method === 'GET' || request.method === 'HEAD';
    if (retryGet && isGet && !this.withBody && this.tries === 1) {
      Exchange.start(this.options, this.tries + 1);
      return;
    }
    const code = codeOf(error);
    if (code === 'UND_ERR_INVALID_ARG') {
      refuse(response, 400, 'Bad Request');
      return;
    }
    for (const tally of tallies) {
      tally.ownFaults++;
      if (CONNECT_FAULTS.has(code)) tally.connectionFaults++;
    }
    if (TIMEOUTS.has(code)) refuse(response, 504, 'Gateway Time-out');
    else refuse(response, 502, 'Bad Gateway');
  }
}
