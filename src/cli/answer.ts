import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { answering } from '../aws/questions';
import { type Answer, answerSchema, answerText } from '../domain/question';
import { UsageError, type Verb } from './verb';
import { environmentOf, findWorkflow } from './workflow';

const usage = (
  verb: string,
  answer: string,
) => `usage: greenlight ${verb} <deployment> --workflow STACK --reason WHY [options]

Answers the question that a deployment waits with: ${answer}. The first answer counts.

  <deployment>         its id, the name of its execution
  --workflow STACK     the CloudFormation stack that holds the DeploymentWorkflow
  --reason WHY         for the journal and for people
  --by NAME            who answers (the user of this machine, from USER)
  --json               one document instead of a sentence
  --help               this text`;

const OPTIONS = {
  workflow: { type: 'string' },
  reason: { type: 'string' },
  by: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

function parse(verb: string, approved: boolean, args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help) return { help: true as const };
    const [deployment, ...more] = positionals;
    if (deployment === undefined || more.length > 0) throw new Error('expected one deployment');
    if (values.workflow === undefined) throw new Error('expected --workflow STACK');
    const by = values.by ?? process.env.USER ?? userInfo().username;
    const answer = answerSchema.safeParse({ approved, by, reason: values.reason });
    if (!answer.success) throw new Error('expected --reason WHY, at most 500 characters');
    return {
      help: false as const,
      deployment,
      workflow: values.workflow,
      json: values.json,
      answer: answer.data,
    };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; greenlight ${verb} --help explains`);
  }
}

/** Finds the open question and answers it. Throws one clear error when there is none, or when somebody was faster. */
export async function answerOpen(
  stack: string,
  deployment: string,
  answer: Omit<Answer, 'at'>,
  now: Date,
): Promise<{ question: string; answer: Answer }> {
  const port = answering.open(environmentOf(await findWorkflow(stack)));
  const asked = await port.asked(deployment);
  const last = asked.at(-1);
  if (!last)
    throw new Error(`deployment ${deployment} has asked nothing; look for its id in the notification`);
  const open = asked.find((one) => one.answer === undefined) ?? last;
  const mine = { ...answer, at: now.toISOString() };
  const { stands, waiting } = await port.answer(open, mine);
  if (open.answer || stands.at !== mine.at)
    throw new Error(`"${open.question.title}" is answered already: ${answerText(stands)} (${stands.at})`);
  if (!waiting)
    throw new Error(
      `the answer is written down, but deployment ${deployment} does not wait for it now: it has ended, or asks again by itself`,
    );
  return { question: open.question.title, answer: stands };
}

const verbOf = (verb: string, approved: boolean, summary: string, meaning: string): Verb => ({
  summary,
  async run(args) {
    const asked = parse(verb, approved, args);
    if (asked.help) {
      console.log(usage(verb, meaning));
      return 0;
    }
    const answered = await answerOpen(asked.workflow, asked.deployment, asked.answer, new Date());
    console.log(
      asked.json
        ? JSON.stringify({ deployment: asked.deployment, ...answered }, null, 2)
        : `${answered.question} ${answerText(answered.answer)}`,
    );
    return 0;
  },
});

export const approve = verbOf('approve', true, 'say yes to what a deployment asks', 'yes');
export const reject = verbOf('reject', false, 'say no to what a deployment asks', 'no');
