import type { Clock } from '../../clock';
import { applyPatch, type Faults } from '../../endpoint';
import type { Functions, Invocation } from '../../service';

/** A fault of the Lambda service, as the SDK names it. */
const serviceFault = (name: string, message: string) => Object.assign(new Error(message), { name });

interface Misfortunate {
  functions: Functions;
  faults: Faults;
  clock: Clock;
  /** Ends the process that runs the function now. */
  kill(functionArn: string): Promise<void>;
  /** Whose invocations these are, as a fault's `role` knows them. */
  service: string;
}

/**
 * The functions as another service of the cloud invokes them, with the faults on `lambda:Invoke` whose `target` is part of
 * the function's name. `before` never runs it; `after` runs it and loses the answer; `slow` answers late;
 * `timeout` lets it do its work and ends it for being late; `kill` ends its
 * process as soon as it has been called; `twice` runs it a second time beside the first.
 */
export function withMisfortunes({ functions, faults, clock, kill, service }: Misfortunate): Functions {
  return {
    expect: (functionArn) => functions.expect?.(functionArn),
    async invoke(functionArn, payload, signal): Promise<Invocation> {
      const { delayMs, failure, patches } = faults.take({
        service: 'lambda',
        operation: 'Invoke',
        caller: { accessKeyId: service },
        target: functionArn,
      });
      const message = `made to fail by a fault on lambda:Invoke of ${functionArn}`;
      if (failure?.kind === 'throttle') throw serviceFault('TooManyRequestsException', 'Rate Exceeded.');
      if (failure?.kind === 'deny') throw serviceFault('AccessDeniedException', message);
      if (failure?.kind === 'before') throw serviceFault(failure.error ?? 'ServiceException', message);
      const running = functions.invoke(functionArn, payload, signal);
      if (failure?.kind === 'twice')
        await Promise.all([running, functions.invoke(functionArn, payload, signal)]);
      if (failure?.kind === 'kill') await kill(functionArn);
      const ended = await running;
      if (delayMs > 0) await clock.sleep(delayMs, signal);
      if (failure?.kind === 'after') throw serviceFault(failure.error ?? 'ServiceException', message);
      if (failure?.kind === 'timeout')
        return {
          error: { errorType: 'Sandbox.Timedout', errorMessage: 'Error: Task timed out after 60.00 seconds' },
        };
      if ('error' in ended) return ended;
      return { payload: patches.reduce<unknown>(applyPatch, ended.payload) };
    },
  };
}
