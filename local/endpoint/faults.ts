import * as z from 'zod';
import type { Caller } from '../service';

const operation = z
  .string()
  .regex(/^[a-z]+:(\w+|\*)$/, 'expected <service>:<Operation> or <service>:*, e.g. rds:CreateDBSnapshot');

const shared = {
  operation,
  /** How often it happens; always when absent. */
  times: z.int().positive().optional(),
  /** Only calls by this caller: part of its access key id (a function's name) or of its role ARN. */
  role: z.string().min(1).optional(),
  /** For `lambda:Invoke`: only of functions whose name holds this. */
  target: z.string().min(1).optional(),
};
const failure = { error: z.string().min(1).optional(), message: z.string().optional() };

export const faultSchema = z.discriminatedUnion('kind', [
  /** Fails without effect. */
  z.strictObject({ ...shared, ...failure, kind: z.literal('before') }),
  /** Takes effect, but the caller is told it failed: the case that idempotency tokens are for. */
  z.strictObject({ ...shared, ...failure, kind: z.literal('after') }),
  z.strictObject({ ...shared, kind: z.literal('slow'), delayMs: z.number().nonnegative() }),
  z.strictObject({ ...shared, kind: z.literal('throttle') }),
  /**
   * The function that makes the call is killed before the call takes effect; where a service of the cloud invokes a
   * function, the function that is invoked.
   */
  z.strictObject({ ...shared, kind: z.literal('kill') }),
  /** Where a service of the cloud invokes a function: it does its work, and Lambda ends it for being late. */
  z.strictObject({ ...shared, kind: z.literal('timeout') }),
  /** Where a service of the cloud invokes a function: it is invoked twice at the same time, as at-least-once delivery may. */
  z.strictObject({ ...shared, kind: z.literal('twice') }),
  z.strictObject({ ...shared, kind: z.literal('deny') }),
  /** The call succeeds, and entries of it fail without effect: all, or the one with this number, from 1. Of PutEvents only. */
  z.strictObject({ ...shared, ...failure, kind: z.literal('entries'), entry: z.int().positive().optional() }),
  /** Takes effect, but the answer is changed by `patch` (see patch.ts). */
  z.strictObject({ ...shared, kind: z.literal('override'), patch: z.record(z.string(), z.unknown()) }),
]);

/** A misfortune of the operation it names. */
export type Fault = z.infer<typeof faultSchema>;

/** One call, as far as faults look at it. */
export interface Call {
  service: string;
  operation: string;
  caller: Caller;
  /** The function that is invoked, where the operation is `lambda:Invoke`. */
  target?: string;
}

/** What befalls one call. */
export interface Misfortune {
  delayMs: number;
  failure?: Extract<Fault, { kind: 'before' | 'after' | 'throttle' | 'deny' | 'kill' | 'timeout' | 'twice' }>;
  patches: Record<string, unknown>[];
  entries?: Extract<Fault, { kind: 'entries' }>;
}

export interface Faults {
  /** @throws Error when a guard refuses the fault */
  add(fault: Fault): void;
  clear(): void;
  /** The faults still to come, with their remaining `times`. */
  list(): readonly Fault[];
  /** Takes what befalls a call and counts it; of several failures the first added happens. */
  take(call: Call): Misfortune;
  /** Lets `check` refuse faults that cannot happen, those already there and those to come. */
  guard(check: (fault: Fault) => void): void;
}

/** People write IAM's prefix; CloudWatch signs by another name. */
const ALIASES: Record<string, string> = { cloudwatch: 'monitoring' };

export function operationOf(fault: Fault): { service: string; operation: string } {
  const [service = '', name = ''] = fault.operation.split(':');
  return { service: ALIASES[service] ?? service, operation: name };
}

function concerns(fault: Fault, call: Call): boolean {
  const { service, operation: name } = operationOf(fault);
  if (service !== call.service || (name !== '*' && name !== call.operation)) return false;
  if (fault.target !== undefined && !call.target?.includes(fault.target)) return false;
  const { accessKeyId, roleArn = '' } = call.caller;
  return fault.role === undefined || accessKeyId.includes(fault.role) || roleArn.includes(fault.role);
}

/** The faults of one local cloud; they may be changed at any time. */
export function createFaults(initial: readonly Fault[] = []): Faults {
  let faults = [...initial];
  const guards: ((fault: Fault) => void)[] = [];

  const count = (fault: Fault) => {
    if (fault.times === undefined) return;
    const left = fault.times - 1;
    faults = faults.flatMap((other) =>
      other !== fault ? [other] : left > 0 ? [{ ...fault, times: left }] : [],
    );
  };

  return {
    add(fault) {
      for (const check of guards) check(fault);
      faults.push(fault);
    },
    clear() {
      faults = [];
    },
    list: () => [...faults],
    take(call) {
      const misfortune: Misfortune = { delayMs: 0, patches: [] };
      for (const fault of faults.filter((candidate) => concerns(candidate, call))) {
        if (fault.kind === 'slow') misfortune.delayMs += fault.delayMs;
        else if (fault.kind === 'override') misfortune.patches.push(fault.patch);
        else if (fault.kind === 'entries') misfortune.entries ??= fault;
        else if (misfortune.failure) continue;
        else misfortune.failure = fault;
        count(fault);
      }
      return misfortune;
    },
    guard(check) {
      for (const fault of faults) check(fault);
      guards.push(check);
    },
  };
}
