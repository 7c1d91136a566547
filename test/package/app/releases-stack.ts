import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import {
  Cluster,
  ContainerImage,
  Secret as EcsSecret,
  FargateTaskDefinition,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import { ApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { BlueGreenService, DeploymentWorkflow } from 'greenlight';

const PORT = 8080;

const existing = (name: string) => Fn.importValue(`Existing${name}`);

/** Greenlight beside infrastructure that is there already: all of it is imported, by its attributes. */
export class ReleasesStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: existing('VpcId'),
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: ['A', 'B'].map((zone) => existing(`PrivateSubnet${zone}`)),
    });
    const group = (name: string) => SecurityGroup.fromSecurityGroupId(this, `${name}Group`, existing(name));
    const balancer = group('LoadBalancerSecurity');
    const listener = (name: string) =>
      ApplicationListener.fromApplicationListenerAttributes(this, name, {
        listenerArn: existing(`${name}Listener`),
        securityGroup: balancer,
      });
    const repository = Repository.fromRepositoryName(this, 'Repository', 'shop');
    const secret = Secret.fromSecretCompleteArn(this, 'Secret', existing('DatabaseSecret'));
    const field = (name: string) => EcsSecret.fromSecretsManager(secret, name);
    const taskDefinition = new FargateTaskDefinition(this, 'Web', { family: 'shop-web' });
    taskDefinition.addContainer('shop', {
      image: ContainerImage.fromEcrRepository(repository, 'v1'),
      environment: { PORT: String(PORT) },
      secrets: {
        DB_HOST: field('host'),
        DB_PORT: field('port'),
        DB_NAME: field('dbname'),
        DB_USER: field('username'),
        DB_PASSWORD: field('password'),
      },
      portMappings: [{ containerPort: PORT }],
      logging: LogDrivers.awsLogs({ streamPrefix: 'shop' }),
    });

    const shop = new BlueGreenService(this, 'Shop', {
      serviceName: 'shop',
      environment: 'staging',
      cluster: Cluster.fromClusterAttributes(this, 'Cluster', { clusterName: existing('ClusterName'), vpc }),
      repository,
      taskDefinition,
      desiredCount: 1,
      traffic: { production: { listener: listener('Production') }, test: { listener: listener('Test') } },
      healthCheck: { path: '/health' },
      database: {
        instance: DatabaseInstance.fromDatabaseInstanceAttributes(this, 'Database', {
          instanceIdentifier: existing('DatabaseInstance'),
          instanceEndpointAddress: existing('DatabaseEndpoint'),
          port: 5432,
          securityGroups: [group('DatabaseSecurity')],
        }),
        secret,
      },
      migrations: {
        tool: 'dbmate',
        manifests: Bucket.fromBucketName(this, 'Manifests', existing('Bucket')),
        opaque: 'refuse',
        command: ['node', 'migrate.mjs', 'up'],
        revertCommand: ['node', 'migrate.mjs', 'revert'],
      },
      maintenance: {},
      smokeTests: [{ path: '/version', status: 200 }],
    });
    const workflow = new DeploymentWorkflow(this, 'Greenlight', { services: [shop] });
    new CfnOutput(this, 'StateMachine', { value: workflow.stateMachine.stateMachineArn });
    new CfnOutput(this, 'LiveSlot', { value: shop.slots.a.serviceName });
  }
}
