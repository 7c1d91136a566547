import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFunctionBody } from '../function-http';
import type { Functions } from '../service';
import { type FunctionAnswer, functionAnswer } from './function-answer';
import { functionEvent } from './function-event';
import { refuse } from './refuse';
import type { Tally } from './tally';

export interface FunctionGroupOptions {
  /** Names the group in metrics and in the stickiness cookie. */
  fullName: string;
  targetGroupArn: string;
  multiValueHeaders: boolean;
}

/** The most that a load balancer hands to a function. */
const BODY_LIMIT = 1024 * 1024;

interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  tallies: readonly Tally[];
  setCookie?: string;
}

/** The data plane of a target group whose one target is a function. */
export class FunctionGroup {
  /** The registered function; undefined when there is none. */
  functionArn: string | undefined;
  used = false;

  constructor(
    readonly options: FunctionGroupOptions,
    private readonly functions: Functions,
  ) {}

  /** Whether a rule or listener names the group. */
  use(used: boolean): void {
    this.used = used;
  }

  /** A function has no connections to end; its invocations are Lambda's. */
  async close(): Promise<void> {}

  /** Asks the function and answers the client with what it says, or with the load balancer's own error; never rejects. */
  async serve(visit: Visit): Promise<void> {
    const { request, response, tallies } = visit;
    const { functionArn } = this;
    if (functionArn === undefined) {
      request.resume();
      for (const tally of tallies) tally.ownFaults++;
      refuse(response, 503, 'Service Temporarily Unavailable');
      return;
    }
    for (const tally of tallies) tally.requests++;
    const body = await readFunctionBody(request, BODY_LIMIT).catch(() => null);
    // null: the client went away in the middle of its request
    if (body) await this.ask(functionArn, body, visit);
    else if (body === undefined) {
      for (const tally of tallies) tally.functionFaults++;
      refuse(response, 413, 'Payload Too Large');
    }
  }

  private async ask(functionArn: string, body: Buffer, visit: Visit): Promise<void> {
    const { request, response, tallies, setCookie } = visit;
    const started = performance.now();
    const answer = await this.answer(functionArn, functionEvent(request, body, this.options));
    if (!answer) {
      for (const tally of tallies) {
        tally.ownFaults++;
        tally.functionFaults++;
      }
      refuse(response, 502, 'Bad Gateway');
      return;
    }
    const seconds = (performance.now() - started) / 1_000;
    for (const tally of tallies) tally.answered(answer.status, seconds);
    const { status, reason, headers } = answer;
    if (setCookie) headers['set-cookie'] = [headers['set-cookie'] ?? [], setCookie].flat();
    if (reason) response.writeHead(status, reason, headers);
    else response.writeHead(status, headers);
    response.end(answer.body);
  }

  /** Undefined when the function failed, could not be asked (throttled, gone), or said what is no answer. */
  private async answer(functionArn: string, event: object): Promise<FunctionAnswer | undefined> {
    const ended = await this.functions.invoke(functionArn, event).catch(() => undefined);
    if (!ended || 'error' in ended) return undefined;
    return functionAnswer(ended.payload, this.options.multiValueHeaders);
  }
}
