import * as z from 'zod/mini';
import { withoutValues } from '../privacy/values';
import { arn, nonEmpty, nonEmptyList } from '../text/schemas';
import { type PerformanceTest, performanceSchema } from './performance';

/** What a service asks of green before any user does: requests, a function of its own, a task of its own, or a wave of requests. */
const requestSchema = z.strictObject({
  path: z.string().check(z.startsWith('/'), z.describe('A request of this path, with its query.')),
  method: z.optional(
    z
      .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      .check(z.describe('`GET` where it is left out.')),
  ),
  headers: z.optional(
    z
      .record(z.string(), z.string())
      .check(
        z.describe(
          'Sent as they are, and settings are no place for a secret: what needs one is tested by a function.',
        ),
      ),
  ),
  body: z.optional(z.string().check(z.describe('Sent as it is.'))),
  status: z.int().check(z.describe('What the answer has to be.')),
  answerHeaders: z.optional(
    z.record(z.string(), z.string()).check(z.describe('What the answer has to have.')),
  ),
  bodyContains: z.optional(nonEmpty.check(z.describe('What the answer has to have in it.'))),
  maximumMs: z.optional(z.int().check(z.positive(), z.describe('How long the answer may take.'))),
});
const functionSchema = z.strictObject({
  lambda: arn.check(
    z.describe(
      'ARN of a function that is invoked with `{deploymentId, service, image, baseUrl, host}`; passes with `{"passed": true}`, and `reason` says why not.',
    ),
  ),
});
const taskSchema = z.strictObject({
  /** Runs once with GREENLIGHT_BASE_URL and GREENLIGHT_HOST in its environment; passes with exit code 0. */
  task: z.strictObject({
    taskDefinition: nonEmpty.check(
      z.describe(
        "A family among the service's task definitions. It runs once with `GREENLIGHT_BASE_URL` and `GREENLIGHT_HOST` in its environment, and passes with exit code 0.",
      ),
    ),
    container: nonEmpty.check(z.describe('The container that is asked.')),
    command: nonEmptyList.check(z.describe('What it runs.')),
    timeoutSeconds: z._default(z.int().check(z.positive(), z.describe('How long the task may take.')), 600),
    log: z._default(
      z.nullable(
        z
          .strictObject({
            group: nonEmpty.check(z.describe('The log group.')),
            prefix: nonEmpty.check(z.describe("What a stream's name begins with, `awslogs-stream-prefix`.")),
          })
          .check(
            z.describe(
              'Where its output goes in CloudWatch Logs, so that a failure quotes its last words; null: nobody reads them.',
            ),
          ),
      ),
      null,
    ),
  }),
});

export const smokeTestSchema = z.union([requestSchema, functionSchema, taskSchema, performanceSchema], {
  error:
    'expected {path, status, ...}, {lambda}, {task: {taskDefinition, container, command}} or {performance: {paths, maximumP95Ms, maximumP99Ms}}',
});
export type SmokeTest = z.infer<typeof smokeTestSchema>;
export type RequestTest = z.infer<typeof requestSchema>;
export type FunctionTest = z.infer<typeof functionSchema>;
export type TaskTest = z.infer<typeof taskSchema>;

export const isTask = (test: SmokeTest): test is TaskTest => 'task' in test;
export const isPerformance = (test: SmokeTest): test is PerformanceTest => 'performance' in test;

/** Questions that are answered at once, a task of the service, and a wave of requests: each kind begins once the one before has passed. */
export const KINDS = ['smoke', 'integration', 'performance'] as const;
export type Kind = (typeof KINDS)[number];

export const kindOf = (test: SmokeTest): Kind =>
  isTask(test) ? 'integration' : isPerformance(test) ? 'performance' : 'smoke';

/** How one test stands; `because` in words, never with what an answer held. */
export interface TestResult {
  test: string;
  /** Absent in rows of before there were kinds. */
  kind?: Kind;
  status: 'passed' | 'failed' | 'running';
  because: string;
}

const nameOf = (test: SmokeTest): string | undefined => {
  if ('path' in test) return `${test.method ? `${test.method} ` : ''}${test.path}`;
  if ('lambda' in test) return test.lambda.split(':').at(-1);
  return isTask(test) ? test.task.taskDefinition : test.performance.paths.join(', ');
};
export const testName = (test: SmokeTest): string => `${kindOf(test)} test ${nameOf(test)}`;

/** `2 smoke tests, 1 integration test`; empty without any. */
export const countedTests = (results: readonly Pick<TestResult, 'kind'>[]): string =>
  KINDS.flatMap((kind) => {
    const { length } = results.filter((result) => (result.kind ?? 'smoke') === kind);
    return length === 0 ? [] : [`${length} ${kind} test${length === 1 ? '' : 's'}`];
  }).join(', ');

/** What green answered, or why it did not. */
export type HttpAnswer =
  | { status: number; headers: Record<string, string>; body: string; ms: number }
  | { none: string };

/** A request with its answer. */
export interface Answered {
  test: RequestTest;
  answer: HttpAnswer;
}

/** What a result begins with. */
export const named = (test: SmokeTest) => ({ test: testName(test), kind: kindOf(test) });

export function judgeAnswer(test: RequestTest, answer: HttpAnswer): TestResult {
  const name = testName(test);
  const wrong = 'none' in answer ? [`gave no answer (${answer.none})`] : faultsOf(test, answer);
  return {
    ...named(test),
    status: wrong.length === 0 ? 'passed' : 'failed',
    because: wrong.length === 0 ? `${name} passed` : `${name} ${wrong.join(' and ')}`,
  };
}

function faultsOf(test: RequestTest, answer: Exclude<HttpAnswer, { none: string }>): string[] {
  const wrong: string[] = [];
  if (answer.status !== test.status) wrong.push(`answered ${answer.status} instead of ${test.status}`);
  for (const [name, value] of Object.entries(test.answerHeaders ?? {}))
    if (answer.headers[name.toLowerCase()] !== value) wrong.push(`answered without ${name}: ${value}`);
  if (test.bodyContains !== undefined && !answer.body.includes(test.bodyContains))
    wrong.push(`answered without ${JSON.stringify(test.bodyContains)}`);
  if (test.maximumMs !== undefined && answer.ms > test.maximumMs)
    wrong.push(`took ${Math.round(answer.ms)} ms instead of at most ${test.maximumMs}`);
  return wrong;
}

/** What a service's function said, or its error. */
export function judgeFunction(test: FunctionTest, said: { answer: unknown } | { error: string }): TestResult {
  const name = testName(test);
  if ('error' in said) return { ...named(test), status: 'failed', because: `${name} failed: ${said.error}` };
  const { passed, reason } = (said.answer ?? {}) as { passed?: unknown; reason?: unknown };
  if (passed === true) return { ...named(test), status: 'passed', because: `${name} passed` };
  const why =
    typeof reason === 'string'
      ? withoutValues(reason).slice(0, 300)
      : 'it did not answer {"passed": true} and gave no reason';
  return { ...named(test), status: 'failed', because: `${name} failed: ${why}` };
}

/** What all of them together say. */
export function summarise(results: readonly TestResult[]): { status: TestResult['status']; cause: string } {
  const having = (wanted: TestResult['status']) => results.filter(({ status }) => status === wanted);
  const decides =
    having('failed').length > 0 ? 'failed' : having('running').length > 0 ? 'running' : 'passed';
  const cause =
    decides === 'passed'
      ? ''
      : having(decides)
          .map(({ because }) => because)
          .join('; ');
  return { status: decides, cause };
}
