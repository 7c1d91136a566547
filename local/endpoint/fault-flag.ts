import * as z from 'zod';
import { type Fault, faultSchema } from './faults';

const SYNTAX = '<service>:<Operation>=<kind>[:<argument>][*<times>][@<caller>]';
const EXAMPLE = 'rds:CreateDBSnapshot=before:SnapshotQuotaExceededFault*2';

const refuse = (flag: string, problem: string): never => {
  throw new Error(`fault ${JSON.stringify(flag)}: ${problem}; write ${SYNTAX}, e.g. ${EXAMPLE}`);
};

function patchOf(flag: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return refuse(flag, 'the argument of override is not JSON');
  }
}

/** The argument of each kind, as the member of the fault that it sets. */
function argumentOf(flag: string, kind: string, argument: string | undefined): object {
  if (kind === 'slow')
    return { delayMs: argument ? Number(argument) : refuse(flag, 'slow needs milliseconds') };
  if (kind === 'override') return { patch: patchOf(flag, argument ?? '') };
  if (argument === undefined) return {};
  if (kind === 'before' || kind === 'after' || kind === 'entries') return { error: argument };
  return refuse(flag, `${kind} takes no argument`);
}

/**
 * Reads a `--fault` flag: `rds:CreateDBSnapshot=before:SnapshotQuotaExceededFault*2@CheckGreen`,
 * `ecs:*=throttle*3`, `ecs:DescribeServices=slow:2000` (milliseconds of cloud time),
 * `ecs:RunTask=override:{"tasks":[]}`.
 * @throws Error that says what is wrong and what is expected
 */
export function parseFault(flag: string): Fault {
  const match = /^([^=]+)=([a-z]+)(?::(.*?))?(?:\*(\d+))?(?:@([\w-]+))?$/s.exec(flag);
  if (!match) return refuse(flag, 'not understood');
  const [, operation, kind = '', argument, times, role] = match;
  const parsed = faultSchema.safeParse({
    operation,
    kind,
    ...argumentOf(flag, kind, argument),
    ...(times === undefined ? {} : { times: Number(times) }),
    ...(role === undefined ? {} : { role }),
  });
  return parsed.success ? parsed.data : refuse(flag, problemsOf(parsed.error));
}

export const problemsOf = (error: z.ZodError): string => z.prettifyError(error).replaceAll('\n', ' ').trim();
