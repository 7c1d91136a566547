import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { transformSync } from 'esbuild';
import type { DeploymentWorkflow } from '../../../lib/workflow/workflow';

const ROOT = join(__dirname, '..', '..', '..');

type PipelinesClass = new (
  scope: Construct,
  id: string,
  workflow: DeploymentWorkflow,
  repository: IRepository,
) => Stack;

/** The stack with the pipelines' roles, as docs/aws.md prints it. */
export function printedPipelines(): PipelinesClass {
  const page = readFileSync(join(ROOT, 'docs', 'aws.md'), 'utf8');
  const printed = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = '']) => text);
  const source = printed.find((text) => text.includes('class Pipelines')) ?? '';
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs' });
  const module = { exports: {} as { Pipelines: PipelinesClass } };
  new Function('module', 'exports', 'require', code)(module, module.exports, (name: string) =>
    require(name === 'greenlight' ? join(ROOT, 'lib') : name),
  );
  return module.exports.Pipelines;
}
