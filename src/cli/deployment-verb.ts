import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { UsageError, type Verb } from './verb';
import { findWorkflow, type Workflow } from './workflow';

/** What somebody says to a deployment, and who it is. */
export interface Said {
  deployment: string;
  by: string;
  reason: string;
}
/** What became of it: a sentence for people, and the same as a document. */
export interface Told {
  text: string;
  document: object;
}

const OPTIONS = {
  workflow: { type: 'string' },
  reason: { type: 'string' },
  by: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const usage = (
  verb: string,
  explained: string,
) => `usage: greenlight ${verb} <deployment> --workflow STACK --reason WHY [options]

${explained}

  <deployment>         its id, the name of its execution
  --workflow STACK     the CloudFormation stack that holds the DeploymentWorkflow
  --reason WHY         for the journal and for people
  --by NAME            who says so (the user of this machine, from USER)
  --json               one document instead of a sentence
  --help               this text`;

function parse(args: readonly string[]) {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help) return undefined;
  const [deployment, ...more] = positionals;
  if (!deployment || more.length > 0) throw new Error('expected one deployment');
  if (!values.workflow) throw new Error('expected --workflow STACK');
  const reason = values.reason?.trim() ?? '';
  if (reason === '' || reason.length > 500) throw new Error('expected --reason WHY, at most 500 characters');
  const by = (values.by ?? process.env.USER ?? userInfo().username).trim();
  if (by === '' || by.length > 200) throw new Error('expected --by NAME, at most 200 characters');
  return { workflow: values.workflow, json: values.json === true, said: { deployment, by, reason } };
}

/** A verb that says something to one running deployment; `act` throws one clear error where that is not possible. */
export const deploymentVerb = (
  name: string,
  summary: string,
  explained: string,
  act: (workflow: Workflow, said: Said) => Promise<Told>,
): Verb => ({
  summary,
  async run(args) {
    let asked: ReturnType<typeof parse>;
    try {
      asked = parse(args);
    } catch (error) {
      throw new UsageError(`${(error as Error).message}; greenlight ${name} --help explains`);
    }
    if (!asked) {
      console.log(usage(name, explained));
      return 0;
    }
    const { text, document } = await act(await findWorkflow(asked.workflow), asked.said);
    console.log(asked.json ? JSON.stringify(document, null, 2) : text);
    return 0;
  },
});
