import type { StaticErrorSchema } from '@smithy/types';
import { denial } from '../iam/denial';
import type { Description } from './descriptions';
import { ANSWERS_BY_ENTRY } from './entries';
import { commonCodes, internalFailure, queryCodeOf, throttled } from './errors';
import { type Call, type Fault, type Misfortune, operationOf } from './faults';

type Failure = NonNullable<Misfortune['failure']>;

/** Finds a modelled error by its shape name or by its code in the query protocol. */
function modelled(description: Description, name: string): StaticErrorSchema | undefined {
  return (
    description.errors.get(name) ?? [...description.errors.values()].find((e) => queryCodeOf(e) === name)
  );
}

function statusOf(code: string): number {
  if (code.startsWith('ServiceUnavailable') || code === 'SlowDown') return 503;
  return code.startsWith('Internal') ? 500 : 400;
}

/** The error a failing fault answers with, as if the service had thrown it. */
export function errorOf(failure: Failure, description: Description, call: Call): Error {
  if (failure.kind === 'throttle') return throttled('Rate exceeded');
  if (failure.kind === 'kill') return internalFailure('the caller was killed by a fault');
  if (failure.kind === 'timeout' || failure.kind === 'twice')
    return internalFailure(`${failure.kind} is for functions that a service of the cloud invokes`);
  if (failure.kind === 'deny') {
    const prefix = call.service === 'monitoring' ? 'cloudwatch' : call.service;
    return denial(call.caller, `${prefix}:${call.operation}`, '*');
  }
  const message = failure.message ?? `made to fail by a fault on ${failure.operation}`;
  if (failure.error === undefined) return internalFailure(message);
  const name = modelled(description, failure.error)?.[2] ?? failure.error;
  const httpStatusCode = statusOf(name);
  const $fault = httpStatusCode < 500 ? 'client' : 'server';
  return Object.assign(new Error(message), { name, $fault, $metadata: { httpStatusCode } });
}

/**
 * What Step Functions says of its own client of Lambda, beside the errors of the API: `Lambda.SdkClientException` and others.
 * Source: AWS Step Functions Developer Guide, "Handle transient Lambda service exceptions" and "Error names".
 */
const OF_STEP_FUNCTIONS: Record<string, readonly string[]> = {
  'lambda:Invoke': ['AWSLambdaException', 'SdkClientException', 'ClientExecutionTimeoutException', 'Unknown'],
};

function similar(names: Iterable<string>, wanted: string): string {
  const bare = (name: string) => name.toLowerCase().replace(/^db|(fault|exception)$/g, '');
  const near = [...names]
    .filter((name) => bare(name).includes(bare(wanted)) || bare(wanted).includes(bare(name)))
    .sort((a, b) => Math.abs(a.length - wanted.length) - Math.abs(b.length - wanted.length));
  return near.length > 0 ? `; did you mean ${near.slice(0, 3).join(' or ')}` : '';
}

/**
 * Refuses faults that could never happen, so that a slip of the pen does not pass as "nothing went wrong".
 * @throws Error naming the service, operation or error that does not exist
 */
export function checkFault(descriptions: readonly Description[], fault: Fault): void {
  const { service, operation } = operationOf(fault);
  const description = descriptions.find(({ signingName }) => signingName === service);
  if (!description) {
    const known = descriptions.map(({ signingName }) => signingName).join(', ');
    throw new Error(`fault on ${fault.operation}: there is no service ${service} here; use one of ${known}`);
  }
  if (operation !== '*' && !description.operations.has(operation)) {
    const hint = similar(description.operations.keys(), operation);
    throw new Error(`fault on ${fault.operation}: ${service} has no operation ${operation}${hint}`);
  }
  if (fault.kind === 'entries') {
    if (fault.operation === ANSWERS_BY_ENTRY) return;
    throw new Error(
      `fault on ${fault.operation}: entries is for ${ANSWERS_BY_ENTRY}, which answers for each entry`,
    );
  }
  if (!('error' in fault) || fault.error === undefined || commonCodes.has(fault.error)) return;
  if (OF_STEP_FUNCTIONS[fault.operation]?.includes(fault.error)) return;
  if (!modelled(description, fault.error)) {
    const hint = similar(description.errors.keys(), fault.error);
    throw new Error(`fault on ${fault.operation}: ${service} has no error ${fault.error}${hint}`);
  }
}
