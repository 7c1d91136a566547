import { userInfo } from 'node:os';
import * as z from 'zod/mini';
import { words } from '../domain/text/schemas';
import { deploymentNamed, stackNamed } from './names';
import { only, optionsOf } from './options';
import { print } from './print';
import type { Verb } from './verb';
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

const saidSchema = z.object({ by: words(200, 'who says so'), reason: words(500, 'WHY') });

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

const parse = (verb: string, args: readonly string[]) =>
  optionsOf(verb, args, OPTIONS, ({ values, positionals }) => {
    if (values.help) return undefined;
    const said = saidSchema.safeParse({
      by: values.by ?? process.env.USER ?? userInfo().username,
      reason: values.reason ?? '',
    });
    if (!said.success)
      throw new Error(
        said.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; '),
      );
    return {
      workflow: stackNamed(values.workflow),
      json: values.json === true,
      said: { deployment: deploymentNamed(only(positionals)), ...said.data },
    };
  });

/** A verb that says something to one running deployment; `act` throws one clear error where that is not possible. */
export const deploymentVerb = (
  name: string,
  explained: string,
  act: (workflow: Workflow, said: Said) => Promise<Told>,
): Verb => ({
  async run(args) {
    const options = parse(name, args);
    if (!options) {
      print(usage(name, explained));
      return 0;
    }
    const { text, document } = await act(await findWorkflow(options.workflow), options.said);
    print(options.json ? JSON.stringify(document, null, 2) : text);
    return 0;
  },
});
