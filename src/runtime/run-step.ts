import * as z from 'zod';
import { journal } from '../aws/journal';
import { fence } from '../aws/lock';
import { InvalidInput, LockLost, TransientFault } from '../domain/errors';
import type { Environment, Ports } from '../domain/port';
import { problemsOf } from '../domain/request';
import type { AnyStep, Result } from './define-step';

/** Every Task is given this envelope by the graph, beside the step's own input. */
const envelopeSchema = z.object({
  /** The journal files the step under it: the execution's name. */
  deploymentId: z.string().min(1),
  now: z.iso.datetime(),
  /** Absent before the lock is acquired. */
  lock: z.object({ service: z.string(), fence: z.number().int() }).optional(),
  input: z.unknown(),
});

/** The ports that every step has, and those only of steps that act. */
export const portsOf = (step: AnyStep): Ports => ({
  journal,
  ...(step.acts ? { fence } : {}),
  ...step.uses,
});

/**
 * Faults of AWS that pass by themselves, by error name. The SDK has already tried three times; the graph
 * waits longer than that.
 */
const PASSING =
  /Throttl|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|InternalServer|InternalFailure|InternalError|TimeoutError|ECONNRESET|ECONNREFUSED|EPIPE|ProvisionedThroughput|ServerException/;

/** Lets known errors through, and names passing ones so that the graph tries them again. */
function classify(error: unknown): unknown {
  if (error instanceof LockLost || error instanceof TransientFault || error instanceof InvalidInput)
    return error;
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  const code = (error as { code?: string }).code ?? '';
  return PASSING.test(name) || PASSING.test(code) || ($metadata?.httpStatusCode ?? 0) >= 500
    ? new TransientFault(`${name}: ${message}`)
    : error;
}

function parse<T>(schema: z.ZodType<T>, value: unknown, step: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    `${step} got an input it cannot use: ${problemsOf(parsed.error, value, 'input').join('; ')}`,
  );
}

/** Parse, check the fence, run, write the journal row. */
export async function runStep(step: AnyStep, event: unknown, environment: Environment): Promise<Result> {
  const ports = open(step, environment);
  try {
    const envelope = parse(envelopeSchema, event, step.name);
    const input = parse(step.input, envelope.input, step.name);
    if (step.acts) {
      if (!envelope.lock) throw new LockLost(`${step.name} acts, and was called without the lock`);
      await (ports.fence as ReturnType<typeof fence.open>).check(
        envelope.lock.service,
        envelope.deploymentId,
        envelope.lock.fence,
      );
    }
    const result = await step.run({ ...(input as object), now: new Date(envelope.now) }, ports);
    await (ports.journal as ReturnType<typeof journal.open>).write({
      deployment: envelope.deploymentId,
      step: step.name,
      phase: environment.phase,
      at: envelope.now,
      result,
    });
    return result;
  } catch (error) {
    throw classify(error);
  }
}

/** Clients live as long as the function's process. */
const opened = new Map<AnyStep, Record<string, unknown>>();
function open(step: AnyStep, environment: Environment): Record<string, unknown> {
  let ports = opened.get(step);
  if (!ports) {
    ports = Object.fromEntries(
      Object.entries(portsOf(step)).map(([name, port]) => [name, port.open(environment)]),
    );
    opened.set(step, ports);
  }
  return ports;
}
