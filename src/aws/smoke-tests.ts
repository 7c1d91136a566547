import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { HttpAnswer, RequestTest } from '../domain/evidence/smoke-tests';
import type { Port } from '../domain/step/port';

/** Asks green through its test listener, and a service's own functions about it. */
export interface SmokeTester {
  ask(base: string, test: RequestTest): Promise<HttpAnswer>;
  invoke(lambda: string, event: unknown): Promise<{ answer: unknown } | { error: string }>;
}

/** Two of them one after the other still fit into the step's own time. */
const ASK_MS = 5_000;
const INVOKE_MS = 25_000;

async function ask(base: string, test: RequestTest): Promise<HttpAnswer> {
  const started = performance.now();
  try {
    const response = await fetch(`${base}${test.path}`, {
      method: test.method ?? 'GET',
      headers: test.headers,
      body: test.body,
      // a redirect is an answer
      redirect: 'manual',
      signal: AbortSignal.timeout(ASK_MS),
    });
    const body = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body,
      ms: performance.now() - started,
    };
  } catch (error) {
    return { none: (error as Error & { cause?: Error }).cause?.message ?? (error as Error).message };
  }
}

async function invoke(client: LambdaClient, lambda: string, event: unknown) {
  try {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: lambda, Payload: JSON.stringify(event) }),
      { abortSignal: AbortSignal.timeout(INVOKE_MS) },
    );
    const answer = JSON.parse(Payload?.transformToString() || 'null');
    if (!FunctionError) return { answer };
    const { errorType, errorMessage } = answer as { errorType?: string; errorMessage?: string };
    return { error: `${errorType ?? FunctionError}: ${errorMessage ?? 'no message'}`.slice(0, 300) };
  } catch (error) {
    // the SDK calls an abort so, whatever the signal says
    if (['AbortError', 'TimeoutError'].includes((error as Error).name))
      return { error: `no answer within ${INVOKE_MS / 1000} s` };
    throw error;
  }
}

export const smokeTester: Port<SmokeTester> = {
  grants: [{ sid: 'InvokeTests', actions: ['lambda:InvokeFunction'], on: ['testFunctions'] }],
  open() {
    // a function may take its time, and is asked once: a second call would test twice
    const client = new LambdaClient({ maxAttempts: 1 });
    return { ask, invoke: (lambda, event) => invoke(client, lambda, event) };
  },
};
