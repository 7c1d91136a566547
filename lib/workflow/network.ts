import { Annotations } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { letInto, letTest } from '../service/clients';
import type { DeploymentWorkflowProps } from './workflow-props';

/** Where the functions that read the databases of its services, and ask green, run. */
export interface Network {
  vpc: IVpc;
  securityGroups: ISecurityGroup[];
}

/** @throws Error where neither the props nor a service say which VPC, and for one in which no function could reach AWS */
export function networkOf(
  workflow: Construct,
  { services, ...props }: Pick<DeploymentWorkflowProps, 'services' | 'vpc' | 'securityGroups'>,
): Network {
  const vpc = props.vpc ?? services[0]?.parts.cluster.vpc;
  if (!vpc)
    throw new Error(`${workflow.node.path}.services: expected at least one service, which says in which VPC`);
  if (vpc.selectSubnets().hasPublic)
    throw new Error(
      `${workflow.node.path}.vpc: expected a VPC with private subnets, because AWS Lambda gives a function no public address; received ${vpc.node.path}, which has public ones alone: add some, with a NAT gateway or with the endpoints of docs/security.md`,
    );
  if (props.securityGroups) return { vpc, securityGroups: props.securityGroups };
  const own = new SecurityGroup(workflow, 'Security', { vpc });
  for (const { node, parts } of services) {
    const { securityGroups, defaultPort } = parts.database.connections;
    if (securityGroups.length === 0 || !defaultPort)
      Annotations.of(workflow).addWarningV2(
        'greenlight:databaseLetsNobodyIn',
        `${node.path}.database: its security groups and its port are not known, so this stack lets nobody into it; import it with both, or let in the tasks and, by securityGroups, the functions of ${workflow.node.path} yourself`,
      );
  }
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
