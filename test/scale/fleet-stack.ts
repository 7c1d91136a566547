import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import {
  Cluster,
  ContainerImage,
  Secret as EcsSecret,
  FargateService,
  FargateTaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  CfnListenerRule,
  ListenerAction,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { DeployedService, type ServiceParts } from '../../lib/service/deployed-service';
import { DeploymentWorkflow } from '../../lib/workflow/workflow';
import type { Configuration, ServiceSettings } from '../../src/domain/settings/environments';

/** Services that share a load balancer and a database; the first of them owns the database's schema. */
export const GROUP = 20;

/** Light tasks: esbuild's file server, which is here anyway, needs 5 MB where Node.js needs 45. */
const SERVER = require.resolve(`@esbuild/${process.platform}-${process.arch}/bin/esbuild`);

/**
 * Nothing that depends on the machine's speed convicts: a hundred green versions that start at once are slow, and no
 * worse for it.
 */
const configuration: Configuration = {
  environments: {
    fleet: {
      strategy: 'ALL_AT_ONCE',
      canaryPercent: 50,
      linear: { percent: 50, seconds: 60 },
      bakeSeconds: 60,
      soakSeconds: 10,
      thresholds: {
        // hundreds of services share few users
        minimumRequests: 1,
        errorRateIncrease: 0.1,
        errorRateCeiling: 0.5,
        latencyIncrease: null,
        periodSeconds: 1,
      },
      approval: { rules: [] },
      rollback: { warmSeconds: 0, revertSchema: true },
      deadlines: {
        lockSeconds: 14_400,
        snapshotSeconds: 14_400,
        migrationSeconds: 14_400,
        contractSeconds: 14_400,
        greenSeconds: 14_400,
        evidenceSeconds: 14_400,
        rollbackSeconds: 14_400,
      },
      retention: { snapshotDays: 1, keepLast: 3 },
      limits: { overrides: ['strategy', 'bakeSeconds', 'deadlines'], minimumBakeSeconds: 0 },
    },
  },
};

/** Of slots that the template itself declares: a function that holds them, for each of hundreds, is a function too many here. */
class LightService extends DeployedService {
  constructor(
    scope: Construct,
    id: string,
    readonly settings: ServiceSettings,
    readonly parts: ServiceParts,
  ) {
    super(scope, id);
  }
}

/** Many small services and the one workflow that deploys them. */
export class FleetStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { services: number }) {
    super(scope, id, props);
    const vpc = new Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const shared = {
      vpc,
      cluster: new Cluster(this, 'Cluster', { vpc }),
      repository: Repository.fromRepositoryName(this, 'Repository', 'shop'),
      manifests: new Bucket(this, 'Manifests', { removalPolicy: RemovalPolicy.DESTROY }),
      security: new SecurityGroup(this, 'Security', { vpc }),
      role: new Role(this, 'TaskRole', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
    };
    const groups = Array.from({ length: Math.ceil(props.services / GROUP) }, (_, index) =>
      this.group(index, shared),
    );
    const services = Array.from({ length: props.services }, (_, index) =>
      this.service(`light-${index + 1}`, groups[Math.floor(index / GROUP)]!, shared),
    );
    const workflow = new DeploymentWorkflow(this, 'Greenlight', {
      securityGroups: [shared.security],
      configuration,
      services,
    });
    this.exportValue(workflow.stateMachine.stateMachineArn, { name: 'StateMachine' });
  }

  private group(index: number, { vpc, repository, role, security }: Shared) {
    const database = new DatabaseInstance(this, `Database${index}`, {
      vpc,
      securityGroups: [security],
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of('18.1', '18') }),
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
      credentials: Credentials.fromGeneratedSecret('shop'),
      databaseName: 'shop',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const balancer = new ApplicationLoadBalancer(this, `Balancer${index}`, { vpc, securityGroup: security });
    const migration = new FargateTaskDefinition(this, `Migration${index}`, {
      family: `migration-${index}`,
      taskRole: role,
      executionRole: role,
    });
    const field = (name: string) => EcsSecret.fromSecretsManager(database.secret!, name);
    migration.addContainer('light', {
      image: ContainerImage.fromEcrRepository(repository, 'v1'),
      secrets: {
        DB_HOST: field('host'),
        DB_PORT: field('port'),
        DB_NAME: field('dbname'),
        DB_USER: field('username'),
        DB_PASSWORD: field('password'),
      },
    });
    return { database, balancer, migration, ports: { next: 1000 } };
  }

  private service(name: string, group: Group, shared: Shared): DeployedService {
    const { cluster, repository, role, security, manifests, vpc } = shared;
    const taskDefinition = new FargateTaskDefinition(this, `${name}-task`, {
      family: name,
      taskRole: role,
      executionRole: role,
    });
    taskDefinition.addContainer('light', {
      image: ContainerImage.fromEcrRepository(repository, 'v1'),
      environment: { SERVER },
      portMappings: [{ containerPort: 8080 }],
    });
    const targets = (slot: string) =>
      new ApplicationTargetGroup(this, `${name}-${slot}-targets`, {
        vpc,
        port: 8080,
        protocol: ApplicationProtocol.HTTP,
        targetType: TargetType.IP,
        deregistrationDelay: Duration.seconds(5),
        healthCheck: { path: '/health', interval: Duration.seconds(30), healthyThresholdCount: 2 },
      });
    const [a, b] = [targets('a'), targets('b')];
    const rule = (kind: string) => {
      const listener: ApplicationListener = group.balancer.addListener(`${name}-${kind}`, {
        port: group.ports.next++,
        protocol: ApplicationProtocol.HTTP,
        defaultAction: ListenerAction.fixedResponse(404),
      });
      const made = new CfnListenerRule(this, `${name}-${kind}-rule`, {
        listenerArn: listener.listenerArn,
        priority: 1,
        conditions: [{ field: 'path-pattern', pathPatternConfig: { values: ['/*'] } }],
        actions: [
          {
            type: 'forward',
            forwardConfig: {
              targetGroups: [
                { targetGroupArn: a.targetGroupArn, weight: 100 },
                { targetGroupArn: b.targetGroupArn, weight: 0 },
              ],
            },
          },
        ],
      });
      return { listener, rule: made };
    };
    const [production, test] = [rule('users'), rule('test')];
    const slot = (letter: string, group: ApplicationTargetGroup, desiredCount: number) => {
      const service = new FargateService(this, `${name}-${letter}`, {
        cluster,
        taskDefinition,
        desiredCount,
        securityGroups: [security],
        minHealthyPercent: 100,
        maxHealthyPercent: 200,
        healthCheckGracePeriod: Duration.hours(10),
      });
      service.attachToApplicationTargetGroup(group);
      service.node.addDependency(production.rule, test.rule);
      return service;
    };
    const [blue, green] = [slot('a', a, 1), slot('b', b, 0)];
    const placed = (service: FargateService, targetGroup: ApplicationTargetGroup) => ({
      service: service.serviceName,
      targetGroup: targetGroup.targetGroupArn,
      targetGroupFullName: targetGroup.targetGroupFullName,
    });
    const settings: ServiceSettings = {
      service: name,
      environment: 'fleet',
      cluster: cluster.clusterArn,
      container: 'light',
      repository: repository.repositoryUri,
      slots: { a: placed(blue, a), b: placed(green, b) },
      traffic: {
        loadBalancer: group.balancer.loadBalancerArn,
        loadBalancerFullName: group.balancer.loadBalancerFullName,
        productionRule: production.rule.ref,
        testListener: test.listener.listenerArn,
        testRule: test.rule.ref,
      },
      database: { instance: group.database.instanceIdentifier, secret: group.database.secret!.secretArn },
      migrations: {
        tool: 'dbmate',
        manifests: `s3://${manifests.bucketName}/shop`,
        opaque: 'refuse',
        taskDefinition: group.migration.family,
        container: 'light',
        command: ['node', 'migrate.mjs', 'up'],
        contractCommand: [],
        revertCommand: ['node', 'migrate.mjs', 'revert'],
        subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId),
        securityGroups: [security.securityGroupId],
      },
      smokeTests: [{ path: '/version', status: 200 }],
    };
    return new LightService(this, name, settings, {
      cluster,
      slots: [blue, green],
      workers: [],
      taskDefinitions: [taskDefinition, group.migration],
      repository,
      manifests,
      databaseRoles: [],
      secrets: [group.database.secret!],
      storageKey: undefined,
      database: group.database,
      tests: [],
    });
  }
}

interface Shared {
  vpc: Vpc;
  cluster: Cluster;
  repository: ReturnType<typeof Repository.fromRepositoryName>;
  manifests: Bucket;
  security: SecurityGroup;
  role: Role;
}

interface Group {
  database: DatabaseInstance;
  balancer: ApplicationLoadBalancer;
  migration: FargateTaskDefinition;
  ports: { next: number };
}
