import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Answered, HttpAnswer, RequestTest } from '../domain/evidence/smoke-tests';
import { withoutValues } from '../domain/privacy/values';
import type { Port } from '../domain/step/port';

/** Asks the version behind the test listener. */
export interface TestRequests {
  /**
   * @param base URL of the test listener, without a trailing slash
   * @param host the name that green is asked by: Host, and for TLS server name and verification; the base's own by default
   */
  ask(base: string, test: RequestTest, host?: string): Promise<HttpAnswer>;
  /** Asks all of them, a few at a time; a version that hangs is not asked the rest, once that has taken a while. */
  askAll(base: string, tests: readonly RequestTest[], host?: string): Promise<Answered[]>;
}

/** Asks a service's own functions about green. */
export interface TestFunctions {
  invoke(lambda: string, event: unknown): Promise<{ answer: unknown } | { error: string }>;
}

/** Two of them one after the other still fit into the step's own time. */
const ASK_MS = 5_000;
const INVOKE_MS = 25_000;

function ask(base: string, test: RequestTest, host?: string): Promise<HttpAnswer> {
  const started = performance.now();
  const url = new URL(`${base}${test.path}`);
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve) => {
    const none = (error: Error) =>
      resolve({
        none:
          error.name === 'AbortError' ? `nothing within ${ASK_MS / 1000} s` : withoutValues(error.message),
      });
    request(
      url,
      {
        method: test.method ?? 'GET',
        headers: { ...(host ? { host } : {}), ...test.headers },
        ...(host ? { servername: host } : {}),
        // a new connection each time, so that none is reused that another target has closed
        agent: false,
        signal: AbortSignal.timeout(ASK_MS),
      },
      async (response) => {
        try {
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
            ),
            body: await text(response),
            ms: performance.now() - started,
          });
        } catch (error) {
          none(error as Error);
        }
      },
    )
      .on('error', none)
      .end(test.body);
  });
}

const AT_A_TIME = 10;
const BEGIN_WITHIN_MS = 10_000;

async function askAll(base: string, tests: readonly RequestTest[], host?: string): Promise<Answered[]> {
  const answers: Answered[] = [];
  const end = performance.now() + BEGIN_WITHIN_MS;
  const left = [...tests];
  const askOn = async (): Promise<void> => {
    for (let test = left.shift(); test && performance.now() < end; test = left.shift())
      answers.push({ test, answer: await ask(base, test, host) });
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, askOn));
  return answers;
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
    const said = withoutValues(errorMessage ?? 'no message');
    return { error: `${errorType ?? FunctionError}: ${said}`.slice(0, 300) };
  } catch (error) {
    // the SDK calls an abort so, whatever the signal says
    if (['AbortError', 'TimeoutError'].includes((error as Error).name))
      return { error: `no answer within ${INVOKE_MS / 1000} s` };
    throw error;
  }
}

/** Without grants: whoever reaches the test listener may ask. It may be internal, so that is done in the VPC. */
export const testRequests: Port<TestRequests> = { grants: [], inVpc: true, open: () => ({ ask, askAll }) };

export const testFunctions: Port<TestFunctions> = {
  grants: [{ sid: 'InvokeTests', actions: ['lambda:InvokeFunction'], on: ['testFunctions'] }],
  open() {
    // a function may take its time, and is asked once: a second call would test twice
    const client = new LambdaClient({ maxAttempts: 1 });
    return { invoke: (lambda, event) => invoke(client, lambda, event) };
  },
};
