import { Logger } from '@aws-lambda-powertools/logger';
import { embedded } from '../domain/measures/measure';
import { mayQuote, type Redact, redacted } from '../domain/privacy/redaction';
import { withoutValues } from '../domain/privacy/values';
import { AlreadyAnswered, LockLost, Superseded, Throttled, TransientFault } from '../domain/step/errors';

/** What Lambda tells of an invocation. Source: AWS Lambda Developer Guide, "Node.js context object". */
export interface LambdaContext {
  awsRequestId: string;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
}

/** Who is at work: a step of the graph for a deployment, or a function beside it. */
export interface Worker {
  step: string;
  /** The box of the graph in small letters, or `background`. */
  phase: string;
  deploymentId?: string;
  /** ARN of the execution that called the step. */
  execution?: string;
}

/** What is logged of a result: whose it is, and what was decided. */
export interface Told {
  deploymentId?: string;
  decision: Decision;
}

/** Words and numbers by name. */
export type Decision = Record<string, string | number | boolean>;

let made: Logger | undefined;

/**
 * Writes a line of JSON to standard output, which Lambda takes to the log group. Made for the first line, so that the effect of
 * a cold step does not wait for it.
 */
function loggerFor(context: LambdaContext): Logger {
  made ??= new Logger({ serviceName: 'greenlight' });
  made.addContext(context as Parameters<Logger['addContext']>[0]);
  return made;
}

/** Errors that the graph knows what to do about, so that an alarm on the level ERROR leaves people alone. */
const EXPECTED = [Throttled, TransientFault, LockLost, Superseded, AlreadyAnswered];

/**
 * The plain members of a result, in its own words. Lists and objects are not logged: the journal's row has them, and with
 * them what belongs to nobody who may read logs.
 */
export const plain = (result: object): Decision =>
  Object.fromEntries(
    Object.entries(result).filter(
      ([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '',
    ),
  );

/**
 * An error as it may leave a function: name, message, stack, redacted. What else a driver puts on its errors, PostgreSQL's `detail`
 * with the row that failed among it, Lambda's runtime would print to the log, and the logger too when it is given the error.
 */
function bare(error: unknown, redact: Redact): Error {
  if (!(error instanceof Error)) return bare(new Error(String(error)), redact);
  const { name, message, stack = '' } = error;
  const told = redact(mayQuote(error) ? withoutValues(message) : message);
  return Object.assign(new Error(told), { name, stack: stack.replace(message, () => told) });
}

/**
 * Runs a call of a function and logs how it ended: one line for each thing that was decided, with `step`, `phase`,
 * `deploymentId`, `execution`, `decision` and `durationMs`; or one with the error's name, message and stack, at WARN where the
 * graph expects it; any other one counts as `FunctionErrors` of its workflow. @throws what `run` throws, without what must not be in a log
 */
export async function logged<Result>(
  {
    worker,
    context,
    redact,
    workflow,
  }: { worker: Worker; context: LambdaContext; redact: Redact; workflow?: string },
  run: () => Promise<Result>,
  tell: (result: Result) => Told[],
): Promise<Result> {
  const begun = performance.now();
  const took = () => ({ durationMs: Math.round(performance.now() - begun) });
  try {
    const result = await run();
    const ended = { ...worker, ...took() };
    for (const told of tell(result))
      loggerFor(context).info(`${worker.step} ended`, { ...ended, ...redacted(told, redact) });
    return result;
  } catch (error) {
    const told = bare(error, redact);
    const { name, message, stack } = told;
    const level = EXPECTED.some((known) => error instanceof known) ? 'warn' : 'error';
    loggerFor(context)[level](`${worker.step} failed`, {
      ...worker,
      error: { name, message, stack },
      ...took(),
      ...(level === 'error' && workflow && embedded({ FunctionErrors: 1 }, { workflow, at: new Date() })),
    });
    throw told;
  }
}
