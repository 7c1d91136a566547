import {
  type PerformTask,
  type State,
  type StateMachineDefinition,
  StatesError,
  type TaskRequest,
  tasksAfter,
} from '../../asl';
import type { Functions, Invocation } from '../../service';

/** Throws when the role's policies do not allow it to invoke the function. */
export type MayInvoke = (roleArn: string, functionArn: string) => void;

interface InvokeArguments {
  FunctionName?: string;
  Payload?: unknown;
  InvocationType?: string;
}

function failure(error: Extract<Invocation, { error: unknown }>['error']): StatesError {
  const { errorType, errorMessage, stackTrace } = error;
  // Lambda's Node.js runtime calls the stack "trace"
  const cause = JSON.stringify({ errorType, errorMessage, ...(stackTrace && { trace: stackTrace }) });
  return new StatesError(errorType || 'Lambda.Unknown', cause);
}

const message = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** A fault of the Lambda service keeps its name behind "Lambda."; a denial has the name of Lambda's general exception. */
function serviceFault(error: unknown): StatesError {
  const name = error instanceof Error ? error.name : 'Unknown';
  return new StatesError(
    name.includes('AccessDenied') ? 'Lambda.AWSLambdaException' : `Lambda.${name}`,
    message(error),
  );
}

/** The function that a Task names, where it names one before it runs. */
function functionOf({ Resource = '', Arguments, Parameters }: State): string | undefined {
  if (!Resource.startsWith('arn:aws:states:::')) return Resource;
  const { FunctionName } = (Arguments ?? Parameters ?? {}) as InvokeArguments;
  return FunctionName?.startsWith('{%') ? undefined : FunctionName;
}

/** Performs the tasks of executions with this role: a Lambda ARN, or the lambda:invoke integration. */
export function lambdaTasks(deps: {
  functions: Functions;
  mayInvoke: MayInvoke;
  roleArn: string;
  definition: StateMachineDefinition;
}): PerformTask {
  async function invoke(functionArn: string, payload: unknown, signal: AbortSignal): Promise<unknown> {
    let invocation: Invocation;
    try {
      deps.mayInvoke(deps.roleArn, functionArn);
      invocation = await deps.functions.invoke(functionArn, payload, signal);
    } catch (error) {
      throw serviceFault(error);
    }
    if ('error' in invocation) throw failure(invocation.error);
    return invocation.payload;
  }

  async function integration({ argument, signal, state }: TaskRequest): Promise<unknown> {
    const { FunctionName, Payload, InvocationType = 'RequestResponse' } = argument as InvokeArguments;
    if (!FunctionName) throw new StatesError('States.Runtime', `state ${state} names no FunctionName`);
    if (InvocationType !== 'RequestResponse') {
      throw new StatesError(
        'States.Runtime',
        `InvocationType ${InvocationType} is not available in the local cloud`,
      );
    }
    // No payload and null reach a function as an empty object.
    const payload = await invoke(FunctionName, Payload ?? {}, signal);
    return {
      ExecutedVersion: deps.functions.versionOf?.(FunctionName) ?? '$LATEST',
      Payload: payload,
      StatusCode: 200,
    };
  }

  return (request) => {
    for (const task of tasksAfter(deps.definition, request.state)) {
      const next = functionOf(task);
      if (next) deps.functions.expect?.(next);
    }
    return request.resource.startsWith('arn:aws:states:::')
      ? integration(request)
      : invoke(request.resource, request.argument, request.signal);
  };
}
