import { join } from 'node:path';
import { CfnOutput, Duration, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ListenerAction,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { DatabaseCluster, DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { acknowledge } from '../rights/acknowledge';
import { BlueGreenService } from '../service/blue-green-service';
import { readConfiguration } from '../service/configuration';
import { DeploymentWorkflow } from '../workflow/workflow';
import { clusterOf, databaseOf, databaseSecrets, manifestsOf, readerOf, taskDefinitionOf } from './ground';
import { alarmOf, checkOf } from './shop-evidence';
import { workersOf } from './shop-workers';

/** The port the shop listens on inside its task. */
const PORT = 8080;
/** Where its users ask, of a certificate. */
const HOST = 'shop.example.com';

/** Exits with 0 when the shop in the same container says that it is well; `slim` images have no curl. */
const IS_HEALTHY = `fetch('http://127.0.0.1:' + process.env.PORT + '/health')
  .then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;

export interface ShopProps extends StackProps {
  /** Makes its database. @default a small instance */
  database?(scope: Construct, vpc: Vpc, name: string, key?: IKey): DatabaseInstance | DatabaseCluster;
  /**
   * As a strict review wants it: what the shop keeps and what the workflow keeps is encrypted with a key of each, and the steps
   * that only look have a database user who only reads, whom somebody has to make, and its listeners speak HTTPS. @default false
   */
  strict?: boolean;
  /** Whether its workflow has an HTTP API. @default false */
  api?: boolean;
}

/** The example: a shop on Fargate behind a load balancer, with a PostgreSQL database, and the workflow that deploys it. */
export class ShopStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { database: make = databaseOf, strict = false, api = false, ...props }: ShopProps = {},
  ) {
    super(scope, id, props);
    const keyOf = (id: string) => (strict ? new Key(this, id, { enableKeyRotation: true }) : undefined);
    const key = keyOf('Key');
    const { vpc, cluster } = clusterOf(this);
    const repository = Repository.fromRepositoryName(this, 'Repository', 'shop');
    const database = make(this, vpc, 'shop', key);
    const manifests = manifestsOf(this, key);
    // the same image serves, migrates and packs
    const tasks = (id: string, family: string, { mode, port }: { mode?: string; port?: number } = {}) => {
      const made = taskDefinitionOf(this, id, {
        ...{ family, containerName: 'shop', port, secrets: databaseSecrets(database.secret!) },
        image: ContainerImage.fromEcrRepository(repository, 'v1'),
        environment: { PORT: String(PORT), ...(mode && { SHOP_MODE: mode }) },
      });
      // every revision and its tasks keep them
      Tags.of(made).add('service', 'shop');
      return made;
    };

    const balancer = new ApplicationLoadBalancer(this, 'LoadBalancer', { vpc, internetFacing: true });
    acknowledge(balancer, 'ELB2', 'an example: an access log needs a bucket of its own');
    acknowledge(balancer, 'EC23', 'users come from everywhere');
    // whatever no rule takes is answered by the listener itself
    const defaultAction = ListenerAction.fixedResponse(404);
    const listening = strict
      ? {
          protocol: ApplicationProtocol.HTTPS,
          certificates: [new Certificate(this, 'Certificate', { domainName: HOST })],
        }
      : { protocol: ApplicationProtocol.HTTP };
    const production = balancer.addListener('Production', {
      ...{ port: strict ? 443 : 80, defaultAction },
      ...listening,
    });
    const test = balancer.addListener('Test', {
      ...{ port: strict ? 8443 : 8080, defaultAction },
      ...listening,
    });

    const shop = new BlueGreenService(this, 'Shop', {
      serviceName: 'shop',
      environment: this.node.tryGetContext('environment') ?? 'example',
      cluster,
      repository,
      taskDefinition: tasks('ShopTask', 'shop', { port: PORT }),
      desiredCount: 2,
      traffic: {
        production: { listener: production },
        test: { listener: test, host: strict ? HOST : undefined },
      },
      deregistrationDelay: Duration.seconds(2),
      healthCheck: {
        path: '/health',
        interval: Duration.seconds(5),
        timeout: Duration.seconds(2),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
      },
      database: {
        ...('clusterIdentifier' in database ? { cluster: database } : { instance: database }),
        instanceRoles: database.node.findAll().filter((one) => Role.isRole(one)),
        storageKey: key,
        ...(key && { readSecret: readerOf(this, key), roles: ['shop'] }),
      },
      migrations: {
        tool: 'dbmate',
        manifests,
        opaque: 'refuse',
        taskDefinition: tasks('MigrationTask', 'shop-migration'),
        command: ['node', 'migrate.mjs', 'up'],
        contractCommand: ['node', 'migrate.mjs', 'contract'],
        revertCommand: ['node', 'migrate.mjs', 'revert'],
      },
      maintenance: { retryAfter: Duration.seconds(120), closeSeconds: 300 },
      workers: workersOf(this, {
        cluster,
        packer: tasks('WorkerTask', 'shop-worker', { mode: 'worker' }),
        batch: tasks('BatchTask', 'shop-batch', { mode: 'batch' }),
      }),
      smokeTests: [
        { path: '/version', status: 200 },
        { path: '/products/1', status: 200, bodyContains: 'price_cents', maximumMs: 3_000 },
        { lambda: checkOf(this) },
      ],
      evidence: { alarms: [alarmOf(this)] },
      // its containers have no check of their own: the load balancer asks them, and a trial has none
      trial: {
        healthCheck: {
          command: ['CMD', 'node', '-e', IS_HEALTHY],
          interval: 5,
          retries: 10,
          startPeriod: 60,
        },
      },
    });
    const workflow = new DeploymentWorkflow(this, 'Greenlight', {
      configuration: readConfiguration(join(__dirname, '..', '..', 'greenlight.json')),
      services: [shop],
      // people write in a reason whom a release is for
      redact: ['customer-\\d{4,9}'],
      key: keyOf('WorkflowKey'),
      ...(api && { api }),
    });

    const outputs = {
      StateMachineArn: workflow.stateMachine.stateMachineArn,
      JournalTable: workflow.journal.tableName,
      FunctionLogs: workflow.functionLogs.logGroupName,
      LoadBalancerArn: balancer.loadBalancerArn,
      ProductionListenerArn: production.listenerArn,
      TestListenerArn: test.listenerArn,
      TrafficRuleArn: shop.rules.production,
      ClusterArn: cluster.clusterArn,
      ManifestsLocation: shop.manifestsLocation,
      ReportsLocation: workflow.reportsLocation,
      ...('instanceIdentifier' in database && { DatabaseInstance: database.instanceIdentifier }),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
