import type { Clock } from '../../clock';
import { applyPatch, type Faults, type Misfortune } from '../../endpoint';
import type { EventFunctions, Functions, Invocation } from '../../service';

type Attempt = (event: unknown) => Promise<Invocation>;

/** A fault of the Lambda service, as the SDK names it. */
const serviceFault = (name: string, message: string) => Object.assign(new Error(message), { name });

type FunctionError = Extract<Invocation, { error: unknown }>['error'];

const LATE: FunctionError = {
  errorType: 'Sandbox.Timedout',
  errorMessage: 'Error: Task timed out after 60.00 seconds',
};

interface Misfortunate {
  functions: Functions & { enqueue?(functionArn: string, event: unknown, first: Attempt): Promise<void> };
  faults: Faults;
  clock: Clock;
  /** Ends the process that runs the function now. */
  kill(functionArn: string): Promise<void>;
  /** Says that an invocation ended so, whatever the function has answered. */
  ended(functionArn: string, error: FunctionError): void;
  /** Whose invocations these are, as a fault's `role` knows them. */
  service: string;
}

/**
 * The functions as another service of the cloud invokes them, with the faults on `lambda:Invoke` whose `target` is part of
 * the function's name. `before` never runs it; `after` runs it and loses the answer; `slow` answers late;
 * `timeout` lets it do its work and ends it for being late; `kill` ends its
 * process as soon as it has been called; `twice` runs it a second time beside the first.
 */
export function withMisfortunes({
  functions,
  faults,
  clock,
  kill,
  ended: told,
  service,
}: Misfortunate): Functions & EventFunctions {
  const take = (functionArn: string) =>
    faults.take({
      service: 'lambda',
      operation: 'Invoke',
      caller: { accessKeyId: service },
      target: functionArn,
    });

  /** What Lambda does not even begin. */
  function refuse(functionArn: string, failure: Misfortune['failure']): void {
    if (failure?.kind === 'throttle') throw serviceFault('TooManyRequestsException', 'Rate Exceeded.');
    if (failure?.kind === 'deny') throw serviceFault('AccessDeniedException', messageOf(functionArn));
    if (failure?.kind === 'before')
      throw serviceFault(failure.error ?? 'ServiceException', messageOf(functionArn));
  }

  async function run(
    functionArn: string,
    payload: unknown,
    { delayMs, failure, patches }: Misfortune,
    signal?: AbortSignal,
  ): Promise<Invocation> {
    const running = functions.invoke(functionArn, payload, signal);
    if (failure?.kind === 'twice')
      await Promise.all([running, functions.invoke(functionArn, payload, signal)]);
    if (failure?.kind === 'kill') await kill(functionArn);
    const ended = await running;
    if (delayMs > 0) await clock.sleep(delayMs, signal);
    if (failure?.kind === 'after')
      throw serviceFault(failure.error ?? 'ServiceException', messageOf(functionArn));
    if (failure?.kind === 'timeout') {
      told(functionArn, LATE);
      return { error: LATE };
    }
    if ('error' in ended) return ended;
    return { payload: patches.reduce<unknown>(applyPatch, ended.payload) };
  }

  return {
    expect: (functionArn) => functions.expect?.(functionArn),
    versionOf: (functionArn) => functions.versionOf?.(functionArn) ?? '$LATEST',
    async invoke(functionArn, payload, signal) {
      const misfortune = take(functionArn);
      refuse(functionArn, misfortune.failure);
      return run(functionArn, payload, misfortune, signal);
    },
    /** What befalls it befalls the first attempt; Lambda's own later ones are spared. */
    async enqueue(functionArn, event) {
      const misfortune = take(functionArn);
      refuse(functionArn, misfortune.failure);
      await functions.enqueue!(functionArn, event, (payload) => run(functionArn, payload, misfortune));
    },
  };
}

const messageOf = (functionArn: string) => `made to fail by a fault on lambda:Invoke of ${functionArn}`;
