import { join } from 'node:path';
import { CfnOutput, CfnResource, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr';
import {
  Cluster,
  ContainerImage,
  Secret as EcsSecret,
  FargateService,
  FargateTaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListenerRule,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerAction,
  ListenerCondition,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { BlueGreenService } from '../../../lib/service/blue-green-service';
import { readConfiguration } from '../../../lib/service/configuration';
import { DeploymentWorkflow } from '../../../lib/workflow/workflow';

const PORT = 8080;

const HEALTH = {
  deregistrationDelay: Duration.seconds(2),
  healthCheck: {
    path: '/health',
    interval: Duration.seconds(5),
    timeout: Duration.seconds(2),
    healthyThresholdCount: 2,
    unhealthyThresholdCount: 2,
  },
};

/** In the place of what only the deployed stack knows: the rule by which the service serves. */
export const RULE = 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener-rule/app/shop/1/2/3';
/** The service that serves before anybody hears of Greenlight. */
export const SERVICE = 'shop-today';
/** Whose requests on the same listener are somebody else's. */
export const OTHER_HOST = 'other.example.org';

/**
 * `before`: a team's stack, with a service that serves by one rule of a listener that it shares. `with`: Greenlight has taken over
 * service and rule, which the template names no longer. `after`: nothing of Greenlight is in the template any more.
 */
export type Stage = 'before' | 'with' | 'after';

export class AdoptingStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { stage: Stage }) {
    super(scope, id, props);
    const vpc = new Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const cluster = new Cluster(this, 'Cluster', { vpc });
    const repository = Repository.fromRepositoryName(this, 'Repository', 'shop');
    const database = new DatabaseInstance(this, 'Database', {
      vpc,
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of('18.1', '18') }),
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
      credentials: Credentials.fromGeneratedSecret('shop'),
      databaseName: 'shop',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const tasks = new SecurityGroup(this, 'Tasks', { vpc });
    database.connections.allowDefaultPortFrom(tasks);
    const taskDefinition = this.taskDefinition('shop', repository, database.secret!);
    const migration = this.taskDefinition('shop-migration', repository, database.secret!);

    const balancer = new ApplicationLoadBalancer(this, 'LoadBalancer', { vpc, internetFacing: true });
    const listener = (name: string, port: number) =>
      balancer.addListener(name, {
        port,
        protocol: ApplicationProtocol.HTTP,
        defaultAction: ListenerAction.fixedResponse(404),
      });
    const production = listener('Production', 80);
    production.addAction('Other', {
      priority: 10,
      conditions: [ListenerCondition.hostHeaders([OTHER_HOST])],
      action: ListenerAction.fixedResponse(202),
    });
    const targetsA = new ApplicationTargetGroup(this, 'TargetsA', {
      ...{ vpc, port: PORT, protocol: ApplicationProtocol.HTTP, targetType: TargetType.IP },
      ...HEALTH,
    });
    if (stage === 'before') {
      const rule = new ApplicationListenerRule(this, 'Rule', {
        listener: production,
        priority: 20,
        conditions: [ListenerCondition.pathPatterns(['/*'])],
        action: ListenerAction.forward([targetsA]),
      });
      const service = new FargateService(this, 'Service', {
        cluster,
        taskDefinition,
        serviceName: SERVICE,
        desiredCount: 2,
        minHealthyPercent: 100,
        securityGroups: [tasks],
      });
      service.attachToApplicationTargetGroup(targetsA);
      service.node.addDependency(rule);
      // what the template no longer names is to go on
      for (const { node } of [rule, service])
        for (const part of node.findAll())
          if (CfnResource.isCfnResource(part)) part.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
    new CfnOutput(this, 'ProductionListenerArn', { value: production.listenerArn });
    new CfnOutput(this, 'ClusterArn', { value: cluster.clusterArn });
    if (stage !== 'with') return;

    const shop = new BlueGreenService(this, 'Shop', {
      ...{
        serviceName: 'shop',
        environment: 'example',
        cluster,
        repository,
        taskDefinition,
        desiredCount: 2,
      },
      adopt: { serviceName: SERVICE, targetGroup: targetsA },
      securityGroups: [tasks],
      traffic: {
        production: { listener: production, adopt: RULE },
        // one in front of it
        others: [
          { listener: production, priority: 5, conditions: [ListenerCondition.pathPatterns(['/version'])] },
        ],
        test: { listener: listener('Test', 8080) },
      },
      ...HEALTH,
      database: { instance: database },
      migrations: {
        tool: 'dbmate',
        manifests: new Bucket(this, 'Manifests'),
        opaque: 'refuse',
        taskDefinition: migration,
        command: ['node', 'migrate.mjs', 'up'],
        contractCommand: ['node', 'migrate.mjs', 'contract'],
        revertCommand: ['node', 'migrate.mjs', 'revert'],
      },
      maintenance: { closeSeconds: 300 },
      smokeTests: [{ path: '/version', status: 200 }],
    });
    const workflow = new DeploymentWorkflow(this, 'Greenlight', {
      securityGroups: [tasks],
      configuration: readConfiguration(join(__dirname, '..', '..', '..', 'greenlight.json')),
      services: [shop],
    });
    new CfnOutput(this, 'StateMachineArn', { value: workflow.stateMachine.stateMachineArn });
    new CfnOutput(this, 'JournalTable', { value: workflow.journal.tableName });
    new CfnOutput(this, 'ManifestsLocation', { value: shop.manifestsLocation });
  }

  private taskDefinition(family: string, repository: IRepository, secret: ISecret): FargateTaskDefinition {
    const definition = new FargateTaskDefinition(this, family, { family, cpu: 256, memoryLimitMiB: 512 });
    const field = (name: string) => EcsSecret.fromSecretsManager(secret, name);
    definition.addContainer('shop', {
      image: ContainerImage.fromEcrRepository(repository, 'v1'),
      environment: { PORT: String(PORT) },
      secrets: {
        DB_HOST: field('host'),
        DB_PORT: field('port'),
        DB_NAME: field('dbname'),
        DB_USER: field('username'),
        DB_PASSWORD: field('password'),
      },
      portMappings: family === 'shop' ? [{ containerPort: PORT }] : undefined,
    });
    return definition;
  }
}
