import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type ISecurityGroup, Port, SecurityGroup, SubnetType, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr';
import { type Cluster, ContainerImage, FargateTaskDefinition, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerAction,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Rule, Schedule as RuleSchedule } from 'aws-cdk-lib/aws-events';
import { EcsTask } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { EcsRunFargateTask } from 'aws-cdk-lib/aws-scheduler-targets';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { readConfiguration } from '../configuration';
import type { DeployedRule, DeployedSchedule } from '../deployed-service';
import { MaintenancePage } from '../maintenance-page';
import { ownFunction } from '../own-function';
import { acknowledgeWildcards } from '../role';
import { Slots } from '../slots';
import { TrafficRules } from '../traffic-rule';
import { WorkerService } from '../worker-service';
import { DeploymentWorkflow } from '../workflow';
import { acknowledgeTasks, clusterOf, databaseOf, databaseSecrets, manifestsOf } from './ground';
import { shopSettings } from './shop-settings';

/** The port the shop listens on inside its task. */
const PORT = 8080;

/**
 * The example: a shop on Fargate behind a load balancer, with a PostgreSQL database, in two slots that trade
 * the roles of blue and green, and the workflow that deploys it.
 */
export class ShopStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const { vpc, cluster } = clusterOf(this);
    const repository = Repository.fromRepositoryName(this, 'Repository', 'shop');
    const database = databaseOf(this, vpc, 'shop');
    const manifests = manifestsOf(this);
    const taskDefinition = this.taskDefinition('Shop', 'shop', repository, database.secret!);
    const migration = this.taskDefinition('Migration', 'shop-migration', repository, database.secret!);
    const working = this.taskDefinition('Worker', 'shop-worker', repository, database.secret!);
    working.defaultContainer?.addEnvironment('SHOP_MODE', 'worker');
    const batch = this.taskDefinition('Batch', 'shop-batch', repository, database.secret!);
    batch.defaultContainer?.addEnvironment('SHOP_MODE', 'batch');

    const balancer = new ApplicationLoadBalancer(this, 'LoadBalancer', { vpc, internetFacing: true });
    acknowledge(balancer, 'ELB2', 'an example: an access log needs a bucket of its own');
    acknowledge(balancer, 'EC23', 'users come from everywhere');
    const production = this.listener(balancer, 'Production', 80);
    const test = this.listener(balancer, 'Test', 8080);
    const targetGroups = { a: this.targetGroup('A', vpc), b: this.targetGroup('B', vpc) };
    const page = new MaintenancePage(this, 'Maintenance', { retryAfter: Duration.seconds(120) });
    const rules = new TrafficRules(this, 'TrafficRules', {
      first: targetGroups.a,
      second: targetGroups.b,
      page: page.targetGroup,
      production: { listener: production },
      test: { listener: test },
    });
    const slots = new Slots(this, 'Slots', {
      cluster,
      taskDefinition,
      targetGroups,
      desiredCount: 2,
      behind: rules,
    });
    slots.connections.allowFrom(balancer, Port.tcp(PORT));
    // they pack parcels once there is a table of them, and rest until `workers` of the settings names them
    const worker = new WorkerService(this, 'Packing', { cluster, taskDefinition: working, desiredCount: 0 });
    const scheduled = this.scheduled(cluster, batch, worker.connections.securityGroups);

    const workflowSecurity = new SecurityGroup(this, 'WorkflowSecurity', { vpc });
    const migrationSecurity = new SecurityGroup(this, 'MigrationSecurity', { vpc });
    for (const client of [slots, worker, workflowSecurity, migrationSecurity])
      database.connections.allowDefaultPortFrom(client);

    const service = {
      cluster,
      slots: [slots.a, slots.b],
      workers: [worker, ...scheduled],
      taskDefinitions: [taskDefinition, migration, working, batch],
      repository,
      manifests,
    };
    const workflow = new DeploymentWorkflow(this, 'Greenlight', {
      vpc,
      securityGroup: workflowSecurity,
      configuration: readConfiguration(join(__dirname, '..', '..', 'greenlight.json')),
      services: [
        {
          ...service,
          settings: shopSettings({
            environment: this.node.tryGetContext('environment') ?? 'example',
            cluster: cluster.clusterArn,
            repository: repository.repositoryUri,
            slots: {
              a: { service: slots.a, group: targetGroups.a },
              b: { service: slots.b, group: targetGroups.b },
            },
            balancer,
            rules,
            page: page.targetGroup,
            testListener: test.listenerArn,
            alarm: this.alarm().alarmName,
            check: this.check().functionArn,
            database,
            manifests: manifests.bucketName,
            family: taskDefinition.family,
            migrationFamily: migration.family,
            subnets: vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnetIds,
            securityGroup: migrationSecurity.securityGroupId,
          }),
        },
      ],
    });

    new CfnOutput(this, 'StateMachineArn', { value: workflow.stateMachine.stateMachineArn });
    new CfnOutput(this, 'JournalTable', { value: workflow.journal.tableName });
    new CfnOutput(this, 'FunctionLogs', { value: workflow.functionLogs.logGroupName });
    new CfnOutput(this, 'LoadBalancerArn', { value: balancer.loadBalancerArn });
    new CfnOutput(this, 'ProductionListenerArn', { value: production.listenerArn });
    new CfnOutput(this, 'TestListenerArn', { value: test.listenerArn });
    new CfnOutput(this, 'TrafficRuleArn', { value: rules.production });
    new CfnOutput(this, 'WorkerService', { value: worker.serviceName });
    new CfnOutput(this, 'ClusterArn', { value: cluster.clusterArn });
    new CfnOutput(this, 'ManifestsLocation', { value: `s3://${manifests.bucketName}/shop` });
    new CfnOutput(this, 'DatabaseInstance', { value: database.instanceIdentifier });
  }

  /** Jobs that EventBridge starts, by a rule and by a schedule. */
  private scheduled(
    cluster: Cluster,
    taskDefinition: FargateTaskDefinition,
    securityGroups: ISecurityGroup[],
  ): [DeployedRule, DeployedSchedule] {
    const roleOf = (id: string, service: string) =>
      new Role(this, id, { assumedBy: new ServicePrincipal(service) });
    const ruleRole = roleOf('PackNightlyRole', 'events.amazonaws.com');
    const rule = new Rule(this, 'PackNightly', {
      description: 'Packs at night what is left over',
      enabled: false,
      schedule: RuleSchedule.cron({ hour: '2', minute: '0' }),
      targets: [new EcsTask({ cluster, taskDefinition, role: ruleRole, securityGroups })],
    });
    const { partition, region } = this;
    acknowledgeWildcards(ruleRole, {
      [`arn:${partition}:ecs:${region}:*:task/${cluster.clusterName}/*`]:
        'the CDK lets it tag tasks, which Amazon ECS names when it starts them',
    });
    const scheduleRole = roleOf('PackOftenRole', 'scheduler.amazonaws.com');
    const schedule = new Schedule(this, 'PackOften', {
      description: 'Packs what is in a hurry',
      enabled: false,
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
      target: new EcsRunFargateTask(cluster, { taskDefinition, role: scheduleRole, securityGroups }),
    });
    new CfnOutput(this, 'WorkerRule', { value: rule.ruleName });
    new CfnOutput(this, 'WorkerSchedule', { value: schedule.scheduleName });
    return [
      { rule, role: ruleRole },
      { schedule: schedule.scheduleArn, role: scheduleRole },
    ];
  }

  /** Goes off when whoever watches the shop's pages publishes that one came without a price. */
  private alarm(): Alarm {
    return new Alarm(this, 'PagesWithoutPrice', {
      metric: new Metric({
        namespace: 'Shop',
        metricName: 'PagesWithoutPrice',
        statistic: 'Maximum',
        period: Duration.seconds(10),
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // where nobody watches, nothing is wrong
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Tests each new version through the test listener, as `SmokeTestGreen` asks it to. */
  private check(): LambdaFunction {
    return ownFunction(
      this,
      { function: 'ShopCheck', role: 'ShopCheckRole' },
      {
        name: 'ShopCheck',
        description: 'Tests a new version of the shop before any user is on it',
        timeout: Duration.seconds(20),
        logGroup: new LogGroup(this, 'ShopCheckLogs', {
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    );
  }

  /** The same image serves and migrates; a migration is the image with another command. */
  private taskDefinition(
    id: string,
    family: string,
    repository: IRepository,
    secret: ISecret,
  ): FargateTaskDefinition {
    const definition = new FargateTaskDefinition(this, id, { family, cpu: 256, memoryLimitMiB: 512 });
    // every revision and its tasks keep them
    Tags.of(definition).add('service', 'shop');
    definition.addContainer('shop', {
      image: ContainerImage.fromEcrRepository(repository, 'v1'),
      environment: { PORT: String(PORT) },
      secrets: databaseSecrets(secret),
      portMappings: id === 'Shop' ? [{ containerPort: PORT }] : undefined,
      logging: LogDrivers.awsLogs({
        streamPrefix: family,
        logGroup: new LogGroup(this, `${id}Logs`, {
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      }),
    });
    acknowledge(definition, 'ECS2', 'no variable is a secret: those come from AWS Secrets Manager');
    acknowledgeTasks(definition);
    return definition;
  }

  /** Whatever no rule takes is answered by the listener itself. */
  private listener(balancer: ApplicationLoadBalancer, id: string, port: number): ApplicationListener {
    return balancer.addListener(id, {
      port,
      protocol: ApplicationProtocol.HTTP,
      defaultAction: ListenerAction.fixedResponse(404),
    });
  }

  private targetGroup(name: 'A' | 'B', vpc: Vpc): ApplicationTargetGroup {
    return new ApplicationTargetGroup(this, `Targets${name}`, {
      vpc,
      port: PORT,
      protocol: ApplicationProtocol.HTTP,
      targetType: TargetType.IP,
      deregistrationDelay: Duration.seconds(2),
      healthCheck: {
        path: '/health',
        interval: Duration.seconds(5),
        timeout: Duration.seconds(2),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
      },
    });
  }
}
