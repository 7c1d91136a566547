import * as z from 'zod/mini';
import { journal } from '../aws/journal';
import { type Fence, fence } from '../aws/lock';
import { redacted, redaction } from '../domain/privacy/redaction';
import { InvalidInput, LockLost, Superseded, Throttled, TransientFault } from '../domain/step/errors';
import type { Environment, Ports } from '../domain/step/port';
import { problemsOf } from '../domain/text/schema-problems';
import { nonEmpty } from '../domain/text/schemas';
import { LEASE_SECONDS } from '../domain/time/limits';
import type { AnyStep } from './define-step';

/** Every Task is given this envelope by the graph, beside the step's own input. */
const envelopeSchema = z.object({
  /** The journal files the step under it, unless it resumes another: the name of the execution that began the deployment. */
  deploymentId: nonEmpty,
  execution: nonEmpty,
  now: z.iso.datetime(),
  /** Absent before the lock is acquired, and null where that came to nothing. */
  lock: z.optional(z.nullable(z.object({ service: z.string(), fence: z.int() }))),
  input: z.unknown(),
});

/** What a step is called with for nothing, so that its function stays ready. */
export const WAKE = { wake: true } as const;
const isWake = (event: unknown) => (event as Partial<typeof WAKE> | undefined)?.wake === true;

/** The ports that every step has, and those only of steps that act. */
export const portsOf = (step: AnyStep): Ports => ({
  journal,
  ...(step.fence ? { fence } : {}),
  ...step.uses,
});

/** How AWS's services say that an account asks too often, by error name. */
const TOO_OFTEN = /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughput|SlowDown/;

/**
 * Faults of AWS that pass by themselves, by error name. The SDK has already tried three times; the graph
 * waits longer than that.
 */
const PASSING =
  /ServiceUnavailable|InternalServer|InternalFailure|InternalError|TimeoutError|ECONNRESET|ECONNREFUSED|EPIPE|ServerException|TransactionConflict/;

/** Lets known errors through, and names passing ones so that the graph tries them again. */
function classify(error: unknown): unknown {
  const ours = [LockLost, Superseded, Throttled, TransientFault, InvalidInput];
  if (ours.some((known) => error instanceof known)) return error;
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  const code = (error as { code?: string }).code ?? '';
  if (TOO_OFTEN.test(name)) return new Throttled(`${name}: ${message}`);
  return PASSING.test(name) || PASSING.test(code) || ($metadata?.httpStatusCode ?? 0) >= 500
    ? new TransientFault(`${name}: ${message}`)
    : error;
}

/** The graph hands on an error without where it came from, and people have to look there. */
function said(step: string, error: unknown): unknown {
  if (error instanceof Error && !error.message.startsWith(step)) error.message = `${step}: ${error.message}`;
  return error;
}

function parse<T>(schema: z.ZodMiniType<T>, value: unknown, step: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    `${step} got an input it cannot use: ${problemsOf(parsed.error, value, 'input').join('; ')}`,
  );
}

const resumed = z.object({ deployment: z.object({ id: z.string() }) });

/** The deployment that a step resumed: only then does what an execution with another name does belong to that one. */
export const resumedDeployment = (result: unknown) => resumed.safeParse(result).data?.deployment.id;

/** Which deployment a step is called for and by which execution, as far as the envelope says so. */
export const callOf = (event: unknown) =>
  z.partial(z.pick(envelopeSchema, { deploymentId: true, execution: true })).safeParse(event).data ?? {};

/** Parse, check the fence, run, write the journal row. */
export async function runStep(step: AnyStep, event: unknown, environment: Environment): Promise<unknown> {
  if (isWake(event)) return WAKE;
  const ports = openPorts(step, portsOf(step), environment);
  try {
    const envelope = parse(envelopeSchema, event, step.name);
    const input = parse(step.input, envelope.input, step.name);
    if (step.fence) await checkFence(step, envelope, ports.fence as Fence);
    const { deploymentId, execution, now } = envelope;
    const moment = { deploymentId, execution, now: new Date(now) };
    const result = redacted(
      await step.run({ ...(input as object), ...moment }, ports),
      redaction(environment.redact),
    );
    await (ports.journal as ReturnType<typeof journal.open>).write({
      deployment: resumedDeployment(result) ?? envelope.deploymentId,
      step: step.name,
      phase: environment.phase,
      at: envelope.now,
      result,
    });
    return result;
  } catch (error) {
    throw said(step.name, classify(error));
  }
}

async function checkFence(
  step: AnyStep,
  envelope: z.infer<typeof envelopeSchema>,
  port: Fence,
): Promise<void> {
  const { lock, deploymentId, now } = envelope;
  if (!lock) throw new LockLost(`${step.name} needs the lock, and was called without the lock`);
  await port.check(lock.service, deploymentId, lock.fence, {
    now: new Date(now),
    seconds: step.leaseSeconds ?? LEASE_SECONDS,
    mode: step.fence ?? 'renew',
  });
}

/** Clients live as long as the function's process. */
const opened = new WeakMap<object, Record<string, unknown>>();

/** The opened ports of a step or another function; opened once. */
export function openPorts(owner: object, ports: Ports, environment: Environment): Record<string, unknown> {
  const known = opened.get(owner);
  if (known) return known;
  const fresh = Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [name, port.open(environment)]),
  );
  opened.set(owner, fresh);
  return fresh;
}
