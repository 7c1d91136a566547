import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Environment } from '../domain/step/port';

/** Where a deployed workflow keeps and runs things. */
export interface Workflow {
  /** The journal's table. */
  table: string;
  stateMachine: string;
  topic: string;
}

/** What the ports of src/aws are opened with from the command line. */
export const environmentOf = ({ table, topic, stateMachine }: Workflow): Environment => ({
  table,
  topic,
  stateMachine,
  settingsPrefix: '',
  answers: '',
  phase: '',
});

/**
 * Finds the workflow of a stack by the SSM parameter `/greenlight/<stack>` that its construct writes. Credentials, region
 * and endpoint are the SDK's own: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL. Throws one error that names the parameter.
 */
export async function findWorkflow(stack: string): Promise<Workflow> {
  const Name = `/greenlight/${stack}`;
  const ssm = new SSMClient({});
  const region = await ssm.config.region().catch(() => {
    throw new Error('no region is set; set AWS_REGION, or AWS_PROFILE to a profile that has one');
  });
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
    return JSON.parse(Parameter?.Value ?? '') as Workflow;
  } catch (error) {
    if ((error as Error).name !== 'ParameterNotFound') throw error;
    throw new Error(
      `there is no parameter ${Name} in ${region}; name the CloudFormation stack that holds the DeploymentWorkflow, and check region and account`,
    );
  } finally {
    ssm.destroy();
  }
}
