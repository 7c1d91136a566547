import { CfnOutput, Duration, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import {
  Cluster,
  ContainerImage,
  Secret as EcsSecret,
  FargateTaskDefinition,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListener,
  ApplicationProtocol,
  ApplicationTargetGroup,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { DeploymentWorkflow, MaintenancePage, type ServiceSettings, Slots, TrafficRules } from 'greenlight';

const PORT = 8080;

const existing = (name: string) => Fn.importValue(`Existing${name}`);

/** Greenlight beside infrastructure that is there already: all of it is imported, by its attributes. */
export class ReleasesStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const subnets = ['A', 'B'].map((zone) => existing(`PrivateSubnet${zone}`));
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: existing('VpcId'),
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: subnets,
    });
    const cluster = Cluster.fromClusterAttributes(this, 'Cluster', {
      clusterName: existing('ClusterName'),
      vpc,
    });
    const balancerSecurity = SecurityGroup.fromSecurityGroupId(
      this,
      'BalancerSecurity',
      existing('LoadBalancerSecurity'),
    );
    const clients = SecurityGroup.fromSecurityGroupId(this, 'Clients', existing('DatabaseClients'));
    const listener = (name: string) =>
      ApplicationListener.fromApplicationListenerAttributes(this, name, {
        listenerArn: existing(`${name}Listener`),
        securityGroup: balancerSecurity,
      });
    const repository = Repository.fromRepositoryName(this, 'Repository', 'shop');
    const manifests = Bucket.fromBucketName(this, 'Manifests', existing('Bucket'));
    const secret = Secret.fromSecretCompleteArn(this, 'Secret', existing('DatabaseSecret'));

    const definition = (name: string) => {
      const made = new FargateTaskDefinition(this, name, { family: `shop-${name.toLowerCase()}` });
      made.addContainer('shop', {
        image: ContainerImage.fromEcrRepository(repository, 'v1'),
        environment: { PORT: String(PORT) },
        secrets: {
          DB_HOST: EcsSecret.fromSecretsManager(secret, 'host'),
          DB_PORT: EcsSecret.fromSecretsManager(secret, 'port'),
          DB_NAME: EcsSecret.fromSecretsManager(secret, 'dbname'),
          DB_USER: EcsSecret.fromSecretsManager(secret, 'username'),
          DB_PASSWORD: EcsSecret.fromSecretsManager(secret, 'password'),
        },
        portMappings: name === 'Web' ? [{ containerPort: PORT }] : undefined,
        logging: LogDrivers.awsLogs({ streamPrefix: 'shop' }),
      });
      return made;
    };
    const web = definition('Web');
    const migration = definition('Migration');

    const targets = (slot: string) =>
      new ApplicationTargetGroup(this, `Targets${slot}`, {
        vpc,
        port: PORT,
        protocol: ApplicationProtocol.HTTP,
        targetType: TargetType.IP,
        healthCheck: { path: '/health' },
      });
    const targetGroups = { a: targets('A'), b: targets('B') };
    const page = new MaintenancePage(this, 'Page', { retryAfter: Duration.minutes(2) });
    const rules = new TrafficRules(this, 'Traffic', {
      first: targetGroups.a,
      second: targetGroups.b,
      page: page.targetGroup,
      production: { listener: listener('Production') },
      test: { listener: listener('Test') },
    });
    const slots = new Slots(this, 'Slots', {
      cluster,
      taskDefinition: web,
      targetGroups,
      desiredCount: 1,
      behind: rules,
    });
    slots.connections.allowFrom(balancerSecurity, Port.tcp(PORT));

    const slot = (name: 'a' | 'b') => ({
      service: slots[name].serviceName,
      targetGroup: targetGroups[name].targetGroupArn,
      targetGroupFullName: targetGroups[name].targetGroupFullName,
    });
    const settings: ServiceSettings = {
      service: 'shop',
      environment: 'staging',
      cluster: cluster.clusterArn,
      taskDefinition: web.family,
      container: 'shop',
      repository: repository.repositoryUri,
      slots: { a: slot('a'), b: slot('b') },
      traffic: {
        loadBalancer: existing('LoadBalancer'),
        loadBalancerFullName: existing('LoadBalancerFullName'),
        productionRule: rules.production,
        testListener: existing('TestListener'),
        testRule: rules.test,
      },
      smokeTests: [{ path: '/version', status: 200 }],
      database: { instance: existing('DatabaseInstance'), secret: secret.secretArn },
      migrations: {
        tool: 'dbmate',
        manifests: `s3://${manifests.bucketName}/shop`,
        taskDefinition: migration.family,
        container: 'shop',
        command: ['node', 'migrate.mjs', 'up'],
        revertCommand: ['node', 'migrate.mjs', 'revert'],
        opaque: 'refuse',
        subnets,
        securityGroups: [clients.securityGroupId],
      },
      maintenance: {
        targetGroup: page.targetGroup.targetGroupArn,
        targetGroupFullName: page.targetGroup.targetGroupFullName,
      },
    };
    const workflow = new DeploymentWorkflow(this, 'Greenlight', {
      vpc,
      securityGroup: clients,
      services: [
        {
          settings,
          cluster,
          slots: [slots.a, slots.b],
          taskDefinitions: [web, migration],
          repository,
          manifests,
        },
      ],
    });
    new CfnOutput(this, 'StateMachine', { value: workflow.stateMachine.stateMachineArn });
    new CfnOutput(this, 'LiveSlot', { value: slots.a.serviceName });
  }
}
