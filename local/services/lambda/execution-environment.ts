import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../clock';
import type { Invocation, LogSink } from '../../service';
import { environmentOf, LATEST, type LambdaFunction, streamOwner } from './function';

/**
 * A worker's young generation grows to 48 MB by itself, and stays so: with a function per step that is most of a cloud's
 * memory. With this it takes no more time.
 */
const YOUNG_GENERATION_MB = 4;

/** Where each environment leaves what it ran of its function, for who measures that: a thread needs the variable as its process does. */
const COVERAGE = process.env.NODE_V8_COVERAGE;

export type FunctionError = Extract<Invocation, { error: unknown }>['error'];
type Message = { ready?: true; payload?: string; error?: FunctionError };

/** How an environment came to its end, as the payload of the invocation that was running. */
const exited = (how: string): Message => ({
  error: { errorType: 'Runtime.ExitError', errorMessage: `Error: Runtime exited with error: ${how}` },
});

function endOf(error: Error & { code?: string }): Message {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return exited('signal: killed');
  return {
    error: {
      errorType: error.name,
      errorMessage: error.message,
      stackTrace: String(error.stack ?? '').split('\n'),
    },
  };
}

/** Name of the log stream of a new environment. */
export function newStream(fn: LambdaFunction, clock: Clock): string {
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/${streamOwner(fn)}[${fn.version}]${randomUUID().replaceAll('-', '')}`;
}

/**
 * What the platform writes to a function's log when it ends an environment, as the function itself no longer can.
 * Source: AWS Lambda Developer Guide, "Troubleshoot execution issues in Lambda".
 */
export const platformLine = (clock: Clock, requestId: string, { errorType, errorMessage }: FunctionError) =>
  errorType === 'Sandbox.Timedout'
    ? `${new Date(clock.now()).toISOString()} ${requestId} ${errorMessage.replace(/^Error: /, '')}`
    : `RequestId: ${requestId} ${errorMessage} ${errorType}`;

/**
 * One execution environment of a function: a worker thread that loads the bundle once and then serves one
 * invocation at a time. An environment that timed out, crashed or was killed is `dead` and never used again.
 */
export class ExecutionEnvironment {
  dead = false;
  /** By `performance.now()`. */
  idleSince = 0;
  private readonly worker: Worker;
  private readonly stream: string;
  private settle: (message: Message) => void = () => {};
  private readonly initialised: Promise<Message>;

  constructor(
    readonly fn: LambdaFunction,
    private readonly deps: { clock: Clock; logs: LogSink; environment: () => Record<string, string> },
  ) {
    this.stream = newStream(fn, deps.clock);
    this.initialised = this.nextMessage();
    this.worker = new Worker(join(__dirname, 'runtime.js'), {
      workerData: { root: fn.root, handler: fn.handler },
      env: {
        ...environmentOf(fn, deps.environment()),
        AWS_LAMBDA_LOG_STREAM_NAME: this.stream,
        ...(COVERAGE && { NODE_V8_COVERAGE: COVERAGE }),
      },
      // without this a worker inherits the loaders of its parent
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: fn.memoryMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.worker.on('message', (message: Message) => this.settle(message));
    this.worker.on('error', (error) => this.end(endOf(error)));
    this.worker.on('exit', (code) => this.end(exited(`exit status ${code}`)));
    this.keepLines(this.worker.stdout);
    this.keepLines(this.worker.stderr);
  }

  /** Runs the handler once; a failure of the function is part of the result. */
  async invoke(payload: unknown): Promise<Invocation> {
    const requestId = randomUUID();
    const first = await this.initialised;
    if (first.error) return { error: await this.ended(first.error, requestId) };
    const { fn, deps } = this;
    const answer = this.nextMessage();
    this.worker.postMessage({
      event: JSON.stringify(payload ?? null),
      now: deps.clock.now(),
      remainingMs: fn.timeoutMs,
      context: {
        awsRequestId: requestId,
        functionName: fn.name,
        functionVersion: fn.version,
        invokedFunctionArn: fn.version === LATEST ? fn.arn : `${fn.arn}:${fn.version}`,
        memoryLimitInMB: String(fn.memoryMb),
        logGroupName: fn.logGroup,
        logStreamName: this.stream,
        callbackWaitsForEmptyEventLoop: true,
      },
    });
    const message = await this.orTimeout(answer);
    if (!message.error) return { payload: JSON.parse(message.payload!) };
    return { error: this.dead ? await this.ended(message.error, requestId) : message.error };
  }

  /** Ends the environment; a running invocation ends as if its process had been killed. */
  async kill(how = 'signal: killed'): Promise<void> {
    this.end(exited(how));
    await this.worker.terminate();
  }

  private nextMessage(): Promise<Message> {
    return new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  private end(message: Message): void {
    this.dead = true;
    this.settle(message);
  }

  private async orTimeout(answer: Promise<Message>): Promise<Message> {
    const answered = new AbortController();
    const timedOut = this.deps.clock.deadline(this.fn.timeoutMs, answered.signal).then(
      (): Message => {
        const seconds = (this.fn.timeoutMs / 1000).toFixed(2);
        const errorMessage = `Error: Task timed out after ${seconds} seconds`;
        this.dead = true;
        return { error: { errorType: 'Sandbox.Timedout', errorMessage } };
      },
      () => answer,
    );
    const message = await Promise.race([answer, timedOut]);
    answered.abort();
    return message;
  }

  /** Lambda names the request in the errors that it reports itself. */
  private async ended(error: FunctionError, requestId: string): Promise<FunctionError> {
    this.dead = true;
    await this.worker.terminate();
    const own = error.errorType.startsWith('Runtime.ExitError') || error.errorType === 'Sandbox.Timedout';
    this.deps.logs.write(this.fn.logGroup, this.stream, platformLine(this.deps.clock, requestId, error));
    return own ? { ...error, errorMessage: `RequestId: ${requestId} ${error.errorMessage}` } : error;
  }

  private keepLines(output: Readable): void {
    createInterface({ input: output }).on('line', (line) =>
      this.deps.logs.write(this.fn.logGroup, this.stream, line),
    );
  }
}
