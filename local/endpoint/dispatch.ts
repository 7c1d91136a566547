import type { Clock } from '../clock';
import type { Consistency } from '../consistency';
import type { Caller, Service } from '../service';
import type { Throttling } from '../throttling';
import type { Description } from './descriptions';
import { withoutStruck, withStruck } from './entries';
import { notImplemented, throttled } from './errors';
import { errorOf } from './fault-error';
import type { Faults } from './faults';
import { applyPatch } from './patch';

/**
 * Decides whether `caller` may do it, before it happens.
 * @throws the error to answer with, `denial(...)`
 */
export type Authorise = (
  service: string,
  operation: string,
  // biome-ignore lint/suspicious/noExplicitAny: one shape per operation
  input: any,
  caller: Caller,
) => void;

interface Dispatcher {
  services: readonly Service[];
  authorise: Authorise;
  faults: Faults;
  throttling: Throttling;
  consistency: Consistency;
  clock: Clock;
  /** Ends the process of a caller that is a function; nothing happens to others. */
  kill(caller: Caller): Promise<void>;
  /** Aborted when the endpoint closes: nobody waits for a slow call then. */
  closing: AbortSignal;
}

export type Dispatch = (
  description: Description,
  operation: string,
  input: object,
  caller: Caller,
) => Promise<object>;

/** Carries one decoded call to its service, past the rates of its account, permission and misfortune. */
export function createDispatch(options: Dispatcher): Dispatch {
  const { services, authorise, faults, throttling, consistency, clock, kill, closing } = options;
  const bySigningName = new Map(services.map((service) => [service.signingName, service]));

  return async (description, operation, input, caller) => {
    const { signingName } = description;
    const operations = bySigningName.get(signingName)?.operations ?? {};
    const perform = operations[operation];
    if (!perform) {
      throw notImplemented(`${signingName}:${operation} is not implemented by the local cloud`);
    }
    if (!throttling.admits({ service: signingName, operation }, clock.now()))
      throw throttled('Rate exceeded');
    const { FunctionName: target } = input as { FunctionName?: string };
    const call = { service: signingName, operation, caller, ...(target !== undefined && { target }) };
    const { delayMs, failure, patches, entries } = faults.take(call);
    if (delayMs > 0) await clock.sleep(delayMs, closing);
    if (failure?.kind === 'kill') await kill(caller);
    authorise(signingName, operation, input, caller);
    if (failure && failure.kind !== 'after') throw errorOf(failure, description, call);
    const ask = async (asked: string, question: object) => (await operations[asked]!(question, caller)) ?? {};
    const done = await consistency.answer(signingName, operation, withoutStruck(input, entries), ask);
    const output = withStruck(done, input, entries);
    if (failure) throw errorOf(failure, description, call);
    return patches.reduce<object>((patched, patch) => applyPatch(patched, patch) as object, output);
  };
}
