import { writeFileSync } from 'node:fs';
import { findWorkflow } from '../../src/aws/workflow';
import { deploymentLook } from '../../src/cli/page/deployment';

/**
 * node bin/run.js test/page/record.ts STACK DEPLOYMENT FILE: writes what the page reads of a deployment as it stands, one line, for
 * `test/page/states.ts`. Region, credentials and endpoint are those of the AWS SDK.
 */
async function main([stack = '', deployment = '', file = '']: string[]): Promise<void> {
  // the last that a first look tells is the whole
  await deploymentLook(await findWorkflow(stack), stack, deployment).look(({ seen, trace }) => {
    const line = JSON.stringify({ seen, trace: trace && { ...trace, definition: '' } });
    writeFileSync(file, `${line}\n`);
  });
}

void main(process.argv.slice(2));
