import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster, ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { ApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { BlueGreenServiceProps } from '../../lib/service/blue-green-props';
import type { ServiceProps } from '../../lib/service/service-props';

export const arn = (service: string, resource: string) =>
  `arn:aws:${service}:eu-west-1:123456789012:${resource}`;
export const LISTENER = arn('elasticloadbalancing', 'listener/app/shop/0123456789abcdef/users');
const TESTS = arn('elasticloadbalancing', 'listener/app/shop/0123456789abcdef/tests');

export const emptyStack = () =>
  new Stack(new App({ builtinCloudFormationValidation: false }), 'Releases', {
    env: { region: 'eu-west-1', account: '123456789012' },
  });

export const taskDefinitionOf = (scope: Construct, id: string, family: string, port?: number) => {
  const made = new FargateTaskDefinition(scope, id, { family });
  made.addContainer(family, {
    image: ContainerImage.fromRegistry(family),
    portMappings: port === undefined ? undefined : [{ containerPort: port }],
  });
  return made;
};

/** What a service needs that is there already: all of it is imported, but for its task definition. */
export function imported(scope: Construct): ServiceProps & Pick<BlueGreenServiceProps, 'traffic'> {
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
    ...{ vpcId: 'vpc-1', availabilityZones: ['eu-west-1a', 'eu-west-1b'] },
    privateSubnetIds: ['subnet-1', 'subnet-2'],
  });
  const group = (id: string) =>
    SecurityGroup.fromSecurityGroupId(scope, `${id}Security`, `sg-${id.toLowerCase()}`);
  const securityGroup = group('Balancer');
  const listener = (id: string, listenerArn: string) => ({
    listener: ApplicationListener.fromApplicationListenerAttributes(scope, id, {
      listenerArn,
      securityGroup,
    }),
  });
  return {
    serviceName: 'shop',
    environment: 'staging',
    cluster: Cluster.fromClusterAttributes(scope, 'Cluster', { clusterName: 'tills', vpc }),
    taskDefinition: taskDefinitionOf(scope, 'Task', 'web', 8080),
    repository: Repository.fromRepositoryName(scope, 'Repository', 'shop'),
    desiredCount: 3,
    traffic: { production: listener('Users', LISTENER), test: listener('Tests', TESTS) },
    database: {
      instance: DatabaseInstance.fromDatabaseInstanceAttributes(scope, 'Database', {
        ...{ instanceIdentifier: 'shop-db', instanceEndpointAddress: 'shop-db.example.org', port: 5432 },
        securityGroups: [group('Database')],
      }),
      secret: Secret.fromSecretCompleteArn(scope, 'Secret', arn('secretsmanager', 'secret:shop-AbCdEf')),
    },
    migrations: {
      ...{ tool: 'dbmate', opaque: 'refuse', command: ['dbmate', 'up'], revertCommand: [] },
      manifests: Bucket.fromBucketName(scope, 'Manifests', 'releases'),
    },
  };
}
