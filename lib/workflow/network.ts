import { type ISecurityGroup, type IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { letInto, letTest } from '../service/clients';
import type { DeploymentWorkflowProps } from './workflow-props';

/** Where the functions that read the databases of its services, and ask green, run. */
export interface Network {
  vpc: IVpc;
  securityGroups: ISecurityGroup[];
}

/** @throws Error where neither the props nor a service say which VPC */
export function networkOf(
  workflow: Construct,
  { services, ...props }: Pick<DeploymentWorkflowProps, 'services' | 'vpc' | 'securityGroups'>,
): Network {
  const vpc = props.vpc ?? services[0]?.parts.cluster.vpc;
  if (!vpc)
    throw new Error(`${workflow.node.path}.services: expected at least one service, which says in which VPC`);
  if (props.securityGroups) return { vpc, securityGroups: props.securityGroups };
  const own = new SecurityGroup(workflow, 'Security', { vpc });
  letInto(
    services.map(({ parts }) => parts.database),
    own,
  );
  letTest(
    services.flatMap(({ parts }) => parts.tests),
    own,
  );
  return { vpc, securityGroups: [own] };
}
