// node github.js FILE: what GitHub's own parser says against a workflow, as a list in JSON.
// node github.js FILE JOB < Given: runs the `run:` steps of a job in their order, as a runner on Linux does, with the
// environment that the file declares. A program of its own, because GitHub's packages are made to be bundled.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parse } from 'yaml';

/** What a runner knows of a run. */
export interface Given {
  github: Record<string, unknown>;
  vars: Record<string, string>;
  /** Of steps that use an action, by their id: what it leaves. */
  outputs: Record<string, Record<string, string>>;
  environment: Record<string, string | undefined>;
  folder: string;
}
/** How a step ended. */
export interface Ran {
  name: string;
  outcome: 'success' | 'failure' | 'skipped';
  code?: number | null;
  out?: string;
  error?: string;
}
/** How a job ended. */
export interface JobEnd {
  conclusion: 'success' | 'failure' | 'skipped';
  steps: Ran[];
  summary: string;
}

type Values = Record<string, unknown>;
interface Step {
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  shell?: string;
  env?: Values;
}
interface Job {
  if?: string;
  env?: Values;
  defaults?: { run?: { shell?: string } };
  steps: Step[];
}

const [file = '', wanted] = process.argv.slice(2);
const content = readFileSync(file, 'utf8');

async function problems(): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: basename(file), content }, new NoOperationTraceWriter());
  const errors = value ? ((await convertWorkflowTemplate(context, value)).errors ?? []) : [];
  return [
    ...context.errors.getErrors().map(({ message }) => message),
    ...errors.map(({ Message }) => Message),
  ];
}

/** How a job stands, for the functions that an `if` may ask. */
const status: { failed: boolean } = { failed: false };
const CALLS: Record<string, () => boolean> = {
  success: () => !status.failed,
  failure: () => status.failed,
  always: () => true,
  cancelled: () => false,
};
const FUNCTIONS = new Map(
  Object.entries(CALLS).map(([name, call]) => [
    name,
    { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(call()) },
  ]),
);

function evaluated(expression: string, contexts: Values) {
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), [...FUNCTIONS.values()]).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver);
  return new Evaluator(tree, known, FUNCTIONS).evaluate();
}
const filled = (value: unknown, contexts: Values) =>
  String(value).replaceAll(/\$\{\{(.*?)\}\}/gs, (_, one: string) =>
    evaluated(one.trim(), contexts).coerceString(),
  );
const filledAll = (values: Values = {}, contexts: Values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, filled(value, contexts)]));

/** An `if` that asks for no status runs after success alone. */
function runs(condition: string | undefined, contexts: Values): boolean {
  if (condition === undefined) return !status.failed;
  const [, inside] = /^\$\{\{(.*)\}\}$/s.exec(condition.trim()) ?? [];
  const expression = inside ?? condition;
  const holds = () => evaluated(expression, contexts).coerceString() === 'true';
  return /\b(success|failure|always|cancelled)\(/.test(expression) ? holds() : !status.failed && holds();
}

/** Source: GitHub Docs, "Workflow syntax", the table of shells. */
const SHELLS: Record<string, string[]> = {
  bash: ['bash', '--noprofile', '--norc', '-eo', 'pipefail'],
  default: ['bash', '-e'],
};

function ran(
  script: string,
  shell: string,
  { environment, folder }: Pick<Given, 'environment' | 'folder'>,
  scratch: string,
) {
  const program = join(scratch, 'step.sh');
  writeFileSync(program, script);
  const [command = '', ...args] = SHELLS[shell] ?? [];
  const {
    status: code,
    stdout,
    stderr,
  } = spawnSync(command, [...args, program], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  return { code, out: stdout, error: stderr };
}

async function run(name: string): Promise<JobEnd> {
  const given = JSON.parse(await text(process.stdin)) as Given;
  const workflow = parse(content);
  const job: Job = workflow.jobs[name];
  const steps: Record<string, unknown> = {};
  const contexts = { github: given.github, vars: given.vars, steps };
  if (!runs(job.if, contexts)) return { conclusion: 'skipped', steps: [], summary: '' };
  const scratch = mkdtempSync(join(tmpdir(), 'greenlight-runner-'));
  const summary = join(scratch, 'summary.md');
  appendFileSync(summary, '');
  try {
    const told: Ran[] = [];
    for (const step of job.steps) {
      const one: Ran = { name: step.name ?? step.run ?? step.uses ?? '', outcome: 'success' };
      if (!runs(step.if, contexts)) one.outcome = 'skipped';
      else if (step.run !== undefined) {
        const declared = [workflow.env, job.env, step.env].map((one) => filledAll(one, contexts));
        const environment = Object.assign({ GITHUB_STEP_SUMMARY: summary }, given.environment, ...declared);
        const shell = step.shell ?? job.defaults?.run?.shell ?? workflow.defaults?.run?.shell ?? 'default';
        Object.assign(one, ran(filled(step.run, contexts), shell, { ...given, environment }, scratch));
        one.outcome = one.code === 0 ? 'success' : 'failure';
      }
      if (one.outcome === 'failure') status.failed = true;
      if (step.id) steps[step.id] = { outcome: one.outcome, outputs: given.outputs?.[step.id] ?? {} };
      told.push(one);
    }
    return {
      conclusion: status.failed ? 'failure' : 'success',
      steps: told,
      summary: readFileSync(summary, 'utf8'),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

void (wanted === undefined ? problems() : run(wanted)).then((said) => console.log(JSON.stringify(said)));
