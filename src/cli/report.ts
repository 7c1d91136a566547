import { journalReader } from '../aws/journal';
import { recordReader } from '../aws/record';
import { reportOf, serviceOf } from '../domain/report';
import { reportText } from '../domain/report/text';
import { deploymentNamed, stackNamed } from './names';
import { only, optionsOf } from './options';
import { print } from './print';
import type { Verb } from './verb';
import { environmentOf, findWorkflow } from './workflow';

const USAGE = `usage: greenlight report <deployment> --workflow STACK [options]

Prints what was deployed, by whom and why, when each phase began and how long it took, what each step decided and with which
numbers, how it ended and what stands now: all from the journal.

  <deployment>         its name: that of the execution
  --workflow STACK     the CloudFormation stack that holds the workflow
  --json               one JSON document instead of text
  --help               this text

Region, credentials and endpoint are those of the AWS SDK: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL.`;

const OPTIONS = {
  workflow: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const parse = (args: readonly string[]) =>
  optionsOf('report', args, OPTIONS, ({ values, positionals }) => {
    if (values.help) return { ...values, deployment: '', workflow: '' };
    const deployment = deploymentNamed(only(positionals));
    return { ...values, deployment, workflow: stackNamed(values.workflow) };
  });

export const report: Verb = {
  async run(args) {
    const { help, json, deployment, workflow } = parse(args);
    if (help) {
      print(USAGE);
      return 0;
    }
    const environment = environmentOf(await findWorkflow(workflow));
    const rows = await journalReader.open(environment).rows(deployment);
    if (rows.length === 0)
      throw new Error(
        `the journal of ${workflow} (${environment.table}) has nothing of ${JSON.stringify(deployment)}; the name of a deployment is that of its execution`,
      );
    const service = serviceOf(rows);
    const now = service === undefined ? undefined : await recordReader.open(environment).read(service);
    const told = reportOf(deployment, rows, now ?? null);
    print(json ? JSON.stringify(told, null, 2) : reportText(told));
    return 0;
  },
};
