import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Environment, Grants } from '../domain/step/port';

/** A workflow, as the command line finds it. */
export interface Whereabouts extends Environment {
  /** Names of its alarms; empty where a construct wrote it that made none. */
  alarms: readonly string[];
}
/** What its construct writes down of it: see lib. */
type Written = Pick<Whereabouts, 'table' | 'stateMachine' | 'topic'> &
  Partial<Pick<Whereabouts, 'reports' | 'redact' | 'alarms'>>;

/** What `findWorkflow` reads. */
export const whereabouts: Grants = {
  grants: [{ sid: 'FindWorkflow', actions: ['ssm:GetParameter'], on: ['whereabouts'] }],
};

/**
 * What the ports are opened with outside of a function: the workflow of a stack, found by the SSM parameter
 * `/greenlight/<stack>` that its construct writes. Credentials, region and endpoint are the SDK's own: AWS_REGION, AWS_PROFILE,
 * AWS_ENDPOINT_URL. Throws one error that names the parameter.
 */
export async function findWorkflow(stack: string): Promise<Whereabouts> {
  const Name = `/greenlight/${stack}`;
  const ssm = new SSMClient({});
  const region = await ssm.config.region().catch(() => {
    throw new Error('no region is set; set AWS_REGION, or AWS_PROFILE to a profile that has one');
  });
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
    const {
      table,
      stateMachine,
      topic,
      reports = '',
      redact = [],
      alarms = [],
    } = JSON.parse(Parameter?.Value ?? '') as Written;
    const own = { table, stateMachine, topic, reports, redact, alarms };
    return { ...own, settingsPrefix: Name, answers: '', phase: '' };
  } catch (error) {
    if ((error as Error).name !== 'ParameterNotFound') throw error;
    throw new Error(
      `there is no parameter ${Name} in ${region}; name the CloudFormation stack that holds the DeploymentWorkflow, or the workflow by its own name, and check region and account`,
    );
  } finally {
    ssm.destroy();
  }
}
