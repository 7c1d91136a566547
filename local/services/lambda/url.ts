import { createHash } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../clock';
import { readFunctionBody } from '../../function-http';
import type { Invocation } from '../../service';
import { urlAnswer } from './url-answer';
import { urlEvent } from './url-event';

/** Lambda's quota for a synchronous payload. */
const BODY_LIMIT = 6 * 1024 * 1024;

/** The properties of AWS::Lambda::Url. */
export interface UrlProperties {
  AuthType?: string;
  InvokeMode?: string;
  Cors?: unknown;
}

/** Throws for what a local function URL does not do. */
export function checkUrl({ AuthType, InvokeMode = 'BUFFERED', Cors }: UrlProperties): void {
  if (AuthType !== 'NONE') throw new Error(`AuthType '${AuthType}' is not served locally; use NONE`);
  if (InvokeMode !== 'BUFFERED')
    throw new Error(`InvokeMode '${InvokeMode}' is not served locally; use BUFFERED`);
  if (Cors) throw new Error('Cors is not served locally; answer with the headers yourself');
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ Message: message }));
}

/** What the service itself says when a function cannot be asked. */
function refuseCall(response: ServerResponse, error: unknown): void {
  const throttled = error instanceof Error && error.name === 'TooManyRequestsException';
  if (throttled) refuse(response, 429, 'Rate Exceeded.');
  else refuse(response, 502, 'Internal Server Error');
}

/** The HTTPS endpoint of one function, here HTTP on a free loopback port. */
export class FunctionUrl {
  private readonly server: http.Server;
  private readonly id: string;

  private constructor(
    functionArn: string,
    private readonly invoke: (event: unknown) => Promise<Invocation>,
    private readonly clock: Clock,
  ) {
    this.id = createHash('sha256').update(functionArn).digest('hex').slice(0, 32);
    this.server = http.createServer((request, response) => void this.handle(request, response));
  }

  static async open(
    functionArn: string,
    invoke: (event: unknown) => Promise<Invocation>,
    clock: Clock,
  ): Promise<FunctionUrl> {
    const url = new FunctionUrl(functionArn, invoke, clock);
    await new Promise<void>((resolve, reject) => {
      url.server.once('error', reject);
      url.server.listen(0, '127.0.0.1', resolve);
    });
    return url;
  }

  /** Ends in a slash, as AWS gives it. */
  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readFunctionBody(request, BODY_LIMIT);
      if (!body) return refuse(response, 413, 'Request must be smaller than 6291456 bytes');
      const invocation = await this.invoke(urlEvent(request, body, this.id, this.clock.now()));
      const answer = 'error' in invocation ? undefined : urlAnswer(invocation.payload);
      if (!answer) return refuse(response, 502, 'Internal Server Error');
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      refuseCall(response, error);
    }
  }
}
