import { Names } from 'aws-cdk-lib';
import { Connections, type IConnectable, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import type { ServiceOptions } from '../service/service-options';
import { countOf, type HeldService, holdServices } from './held-service';

/** What a `WorkerService` runs. */
export interface WorkerServiceProps {
  /** Its VPC is that of the tasks. */
  cluster: ICluster;
  /** What the first version runs as; each release is the newest revision of its family, with another image. */
  taskDefinition: FargateTaskDefinition;
  /** How many tasks it begins with. */
  desiredCount: number;
  /** Where tasks run. @default the VPC's private subnets */
  vpcSubnets?: SubnetSelection;
  /** Do tasks get public addresses, as in a public subnet without a NAT gateway they have to? @default false */
  assignPublicIp?: boolean;
  /** Other members of the service. What is left out later stays as it was. @default Fargate, a circuit breaker */
  options?: ServiceOptions;
}

/**
 * An Amazon ECS service without a load balancer that moves with the releases of another one. As with the slots, an update of
 * the stack changes all but its task definition and its count.
 */
export class WorkerService extends Construct implements HeldService, IConnectable {
  /** Known once the stack is deployed. */
  readonly serviceName: string;
  /** Known once the stack is deployed. */
  readonly serviceArn: string;
  /** Of its tasks. The service that it is a worker of lets them into its database. */
  readonly connections: Connections;
  /** What the first version runs as. */
  readonly taskDefinition: FargateTaskDefinition;

  /** One service, made once. */
  constructor(scope: Construct, id: string, props: WorkerServiceProps) {
    super(scope, id);
    const { cluster, taskDefinition, desiredCount, vpcSubnets, assignPublicIp, options } = props;
    this.taskDefinition = taskDefinition;
    const tasks = new SecurityGroup(this, 'Tasks', { vpc: cluster.vpc });
    this.connections = new Connections({ securityGroups: [tasks] });
    const { Service } = holdServices(this, {
      cluster,
      taskDefinition,
      services: {
        Service: {
          launchType: options?.capacityProviderStrategy ? undefined : 'FARGATE',
          deploymentConfiguration: {
            minimumHealthyPercent: 100,
            maximumPercent: 200,
            deploymentCircuitBreaker: { enable: true, rollback: true },
          },
          propagateTags: 'TASK_DEFINITION',
          ...options,
          cluster: cluster.clusterArn,
          serviceName: Names.uniqueResourceName(this, { maxLength: 255 }),
          taskDefinition: taskDefinition.taskDefinitionArn,
          desiredCount: countOf(this.node.path, desiredCount),
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: cluster.vpc.selectSubnets(vpcSubnets).subnetIds,
              securityGroups: [tasks.securityGroupId],
              assignPublicIp: assignPublicIp ? 'ENABLED' : 'DISABLED',
            },
          },
        },
      },
    });
    this.serviceName = Service.serviceName;
    this.serviceArn = Service.serviceArn;
  }
}
