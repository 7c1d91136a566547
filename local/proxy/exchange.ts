import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Call, Carrier, Failure } from './call';
import { answerHeaders } from './headers';
import { refuse } from './refuse';
import { type RequestHead, requestHead } from './request-head';
import type { Tally } from './tally';
import type { ProxyTarget } from './target';
import type { TargetGroup } from './target-group';
import { dropRest, uploadOf } from './upload';

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

/** Sends a request to the group's next target, and the client what comes of it. */
export function exchange(options: ExchangeOptions, again = false): void {
  const { request, response, group, tallies } = options;
  const target = group.pick();
  if (!target) {
    for (const tally of tallies) tally.ownFaults++;
    refuse(response, 503, 'Service Temporarily Unavailable');
    return;
  }
  if (!again) for (const tally of tallies) tally.requests++;
  const head = requestHead(request, target.address);
  if (head === undefined) refuse(response, 400, 'Bad Request');
  else target.send(new Exchange(options, target, head, again));
}

/**
 * One request on its way through the load balancer and back.
 *
 * Once a byte of it may have been written, the target may have acted on it, so it is not sent again: the client gets
 * 502, as from ELB.
 */
class Exchange implements Call {
  readonly method: string;
  readonly head: string;
  readonly upload: Readable | undefined;
  readonly idleTimeoutMs: number;
  over = false;
  private readonly started = performance.now();
  private carrier: Carrier | undefined;
  /** An answer's head and the newest part of its body wait for what follows: the end, most often; then all goes out in one. */
  private answer: { status: number; headers: string[] } | undefined;
  private held: Buffer | undefined;
  private clientIsSlow = false;

  constructor(
    private readonly options: ExchangeOptions,
    private readonly target: ProxyTarget,
    { text, body }: RequestHead,
    private readonly again: boolean,
  ) {
    this.method = options.request.method!;
    this.head = text;
    this.upload = uploadOf(options.request, body);
    this.idleTimeoutMs = options.idleTimeoutMs;
    options.response.on('close', () => this.clientGone());
  }

  onSent(carrier: Carrier): void {
    this.carrier = carrier;
  }

  onHead(status: number, headers: string[]): void {
    this.answer = { status, headers };
  }

  onBody(bytes: Buffer): void {
    if (this.held) this.write(this.held);
    this.held = bytes;
  }

  /** What follows may let wait for itself. */
  onPause(): void {
    if (this.held) this.write(this.held);
    else if (this.answer) {
      this.begin();
      this.options.response.flushHeaders();
    }
    this.held = undefined;
  }

  onEnd(): void {
    this.end();
    this.begin();
    this.options.response.end(this.held);
  }

  private begin(): void {
    if (!this.answer) return;
    const { status, headers } = this.answer;
    this.answer = undefined;
    const { response, tallies, setCookie } = this.options;
    const seconds = (performance.now() - this.started) / 1_000;
    for (const tally of tallies) tally.answered(status, seconds);
    const passed = answerHeaders(headers);
    if (setCookie) passed.push('set-cookie', setCookie);
    response.writeHead(status, passed);
  }

  private write(bytes: Buffer): void {
    this.begin();
    const { response } = this.options;
    if (response.write(bytes) || this.clientIsSlow) return;
    this.clientIsSlow = true;
    this.carrier!.pause();
    response.once('drain', () => {
      this.clientIsSlow = false;
      if (!this.over) this.carrier!.resume();
    });
  }

  onFailure({ connected, timedOut }: Failure): void {
    this.end();
    const { response, tallies, retryGet } = this.options;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const isGet = this.method === 'GET' || this.method === 'HEAD';
    if (retryGet && isGet && !this.upload && !this.again) {
      exchange(this.options, true);
      return;
    }
    for (const tally of tallies) {
      tally.ownFaults++;
      if (!connected) tally.connectionFaults++;
    }
    if (timedOut) refuse(response, 504, 'Gateway Time-out');
    else refuse(response, 502, 'Bad Gateway');
  }

  private clientGone(): void {
    if (this.over) return;
    this.end();
    this.carrier?.abandon();
  }

  private end(): void {
    this.over = true;
    this.target.ended();
    if (this.upload) dropRest(this.options.request);
  }
}
