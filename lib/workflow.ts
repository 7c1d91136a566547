import { Annotations, CfnDeletionPolicy, CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { CfnTaskDefinition, FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import { EventBus, EventField, type IRule, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Effect, type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  FunctionUrlAuthType,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { background, phases } from '../lambdas';
import { restoredNames, snapshotEnd } from '../src/domain/deployment/names';
import { trialFamily } from '../src/domain/deployment/task-definition';
import { type Configuration, type ServiceSettings, settingsIn } from '../src/domain/settings/environments';
import { rulesIn } from '../src/domain/settings/rules';
import { toStore } from '../src/domain/settings/stored';
import type { Ports, Scope } from '../src/domain/step/port';
import { FUNCTION_TIMEOUT_SECONDS } from '../src/domain/time/limits';
import type { AnyBackground } from '../src/runtime/define-background';
import type { AnyStep } from '../src/runtime/define-step';
import { portsOf, WAKE } from '../src/runtime/run-step';
import { bind, definition, states } from '../statemachines';
import { checkSettings } from './checked-settings';
import { codeOf } from './functions';
import { statementsOf } from './grants';
import type { HeldService } from './held-service';
import type { SlotService } from './slots';

/** What becomes a function with a role of its own. */
interface Deployed {
  name: string;
  comment?: string;
  ports: Ports;
}

/** Step Functions' events are best effort, so somebody looks this often whether or not one came. */
const LOOK_AFTER = Duration.minutes(5);

/** How many targets a rule may have. Source: Amazon EventBridge User Guide, quotas. */
const TARGETS = 5;

/** What works beside the slots with the same image, and moves with it. */
export type DeployedWorker = Pick<HeldService, 'serviceArn'> | DeployedRule | DeployedSchedule;
/** A rule of EventBridge that starts tasks by a role. */
export interface DeployedRule {
  /** Made in this app or imported. */
  rule: Pick<IRule, 'ruleArn'>;
  /** By which its targets start tasks; it is allowed to start new revisions too. */
  role: IRole;
}
/** A schedule of EventBridge Scheduler that starts tasks by a role. */
export interface DeployedSchedule {
  /** ARN. */
  schedule: string;
  /** By which its target starts tasks; it is allowed to start new revisions too. */
  role: IRole;
}

/** A service that the workflow deploys, and the constructs its settings speak of. */
export interface DeployedService {
  /** Where the service lives; its environment's policy is added from the project's configuration. */
  settings: ServiceSettings;
  /** Where its services and its tasks run. */
  cluster: ICluster;
  /** Those of `Slots`, or the one of `WorkerSlot`: they keep what the workflow sets through every update of the stack. */
  slots: SlotService[];
  /** What the settings' `workers` name. @default none */
  workers?: DeployedWorker[];
  /** Task definitions that get new revisions: the service's own, the migration's, and those of its workers. */
  taskDefinitions: FargateTaskDefinition[];
  /** Of the releases' images. */
  repository: IRepository;
  /** Where the settings' manifests are. */
  manifests: IBucket;
  /** What the database instance has been given for its features (`s3Import`, …) and for its monitoring: a restored one gets them too. @default none */
  databaseRoles?: IRole[];
}

/** What a `DeploymentWorkflow` is made of. */
export interface DeploymentWorkflowProps {
  /** Those that it deploys, each by its own name. */
  services: DeployedService[];
  /** How each environment deploys, as `readConfiguration` reads it. @default the built-in policies hold */
  configuration?: Configuration;
  /** Where the functions that read the database run. */
  vpc: IVpc;
  /** Theirs: the database has to let it in. */
  securityGroup: ISecurityGroup;
}

/**
 * The deployment state machine with everything it needs: a function and a role per step, the journal and lock
 * table, the settings of its services, the topic for people, and the rule that starts it from an event.
 */
export class DeploymentWorkflow extends Construct {
  /** A deployment is one execution of it. */
  readonly stateMachine: StateMachine;
  /** What each step decided, and the locks. It stays when the stack goes. */
  readonly journal: Table;
  /** What people are told; nobody hears it without a subscription. */
  readonly topic: Topic;
  /** Where all of its functions log, so that one query sees a whole deployment. */
  readonly functionLogs: LogGroup;

  /** @throws Error for settings that a request would be refused for; it lists every problem */
  constructor(scope: Construct, id: string, props: DeploymentWorkflowProps) {
    super(scope, id);
    const configuration = props.configuration ?? { environments: {} };
    for (const { settings, taskDefinitions } of props.services) {
      checkSettings(settingsIn(settings, configuration));
      for (const { family } of taskDefinitions) if (family === undefined) throw new Error(NO_FAMILY);
    }
    this.journal = new Table(this, 'Journal', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // the audit trail outlives the stack
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.topic = new Topic(this, 'Announcements');
    this.functionLogs = new LogGroup(this, 'FunctionLogs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    // CloudFormation deregisters a revision that it replaces, and what serves from it could not be started again
    for (const { node } of props.services.flatMap(({ taskDefinitions }) => taskDefinitions))
      (node.defaultChild as CfnTaskDefinition).cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;

    for (const slot of props.services.flatMap(({ slots }) => slots))
      if (Construct.isConstruct(slot) && isDeclared(slot))
        Annotations.of(slot).addWarningV2(
          'greenlight:slot',
          'an update of the stack that reaches this slot puts its task definition and its count back to what the template says, under users if need be; let Slots make the slots',
        );

    for (const { workers = [], taskDefinitions, cluster } of props.services)
      for (const worker of workers)
        if ('role' in worker) allowRevisions(worker.role, taskDefinitions, cluster);

    const settingsPrefix = `/greenlight/${Stack.of(this).stackName}`;
    for (const { settings } of props.services)
      new StringParameter(this, `Settings${settings.service}`, {
        parameterName: `${settingsPrefix}/${settings.service}`,
        stringValue: Stack.of(this).toJsonString(toStore(settingsIn(settings, configuration))),
        description: `How ${settings.service} is deployed`,
        // with ARNs written out the settings may pass the standard tier's 4 KB
        tier: ParameterTier.INTELLIGENT_TIERING,
      });
    const machineName = `${Stack.of(this).stackName}-${id}`;
    const reach = this.reachOf(props.services, settingsPrefix, machineName);
    const environment = {
      GREENLIGHT_TABLE: this.journal.tableName,
      GREENLIGHT_TOPIC: this.topic.topicArn,
      GREENLIGHT_SETTINGS: settingsPrefix,
      // by name: the machine names the functions, so they cannot name the machine
      GREENLIGHT_MACHINE: reach.stateMachine[0] ?? '',
    };
    const outside = background.map(({ name, comment, uses }) =>
      this.functionOf({ name, comment, ports: uses }, props, reach, environment),
    );
    // the link in a notification carries its own secret, which is all that its reader has to sign in with
    const answers = outside
      .find(({ node }) => node.id === 'AnswerQuestion')!
      .addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    const functions = Object.entries(phases).flatMap(([phase, steps]) =>
      steps.map((step: AnyStep) =>
        this.functionOf(
          { name: step.name, comment: commentOf(step.name), ports: portsOf(step) },
          props,
          reach,
          { ...environment, GREENLIGHT_ANSWERS: answers.url, GREENLIGHT_PHASE: phase },
        ),
      ),
    );
    this.stateMachine = this.machineOf(functions, machineName);
    this.keepAwake(functions.filter(({ isBoundToVpc }) => isBoundToVpc));
    this.startFromEvent();
    for (const { name, triggers } of background as readonly AnyBackground[])
      this.wake(outside.find(({ node }) => node.id === name)!, triggers);
    // by this the command line finds what belongs to the stack
    new StringParameter(this, 'Workflow', {
      parameterName: settingsPrefix,
      stringValue: Stack.of(this).toJsonString({
        table: this.journal.tableName,
        stateMachine: this.stateMachine.stateMachineArn,
        topic: this.topic.topicArn,
      }),
      description: 'What the greenlight command line needs to know of this workflow',
    });
  }

  /** The ARNs that deployments of these services may touch. */
  private reachOf(services: DeployedService[], settingsPrefix: string, machineName: string): Scope {
    const { partition, region, account } = Stack.of(this);
    const here = (service: string, resource: string) =>
      `arn:${partition}:${service}:${region}:${account}:${resource}`;
    const all = (pick: (service: DeployedService) => string[]) => [...new Set(services.flatMap(pick))];
    return {
      table: [this.journal.tableArn],
      topic: [this.topic.topicArn],
      bus: [EventBus.fromEventBusName(this, 'DefaultBus', 'default').eventBusArn],
      // the whole prefix, so that an unknown service is not found rather than forbidden
      settings: [here('ssm', `parameter${settingsPrefix}/*`)],
      settingsPath: [here('ssm', `parameter${settingsPrefix}`), here('ssm', `parameter${settingsPrefix}/*`)],
      stateMachine: [here('states', `stateMachine:${machineName}`)],
      executions: [here('states', `execution:${machineName}:*`)],
      repositories: all(({ repository }) => [repository.repositoryArn]),
      clusters: all(({ cluster }) => [cluster.clusterArn]),
      services: all(({ slots }) => slots.map(({ serviceArn }) => serviceArn)),
      pureWorkers: all(({ settings: { traffic }, slots }) =>
        traffic ? [] : slots.map(({ serviceArn }) => serviceArn),
      ),
      workerServices: all(({ workers = [] }) =>
        workers.flatMap((worker) => ('serviceArn' in worker ? [worker.serviceArn] : [])),
      ),
      workerRules: all(({ workers = [] }) => workers.filter(isRule).map(({ rule }) => rule.ruleArn)),
      ruleRoles: all(({ workers = [] }) => workers.filter(isRule).map(({ role }) => role.roleArn)),
      workerSchedules: all(({ workers = [] }) => workers.filter(isSchedule).map(({ schedule }) => schedule)),
      scheduleRoles: all(({ workers = [] }) => workers.filter(isSchedule).map(({ role }) => role.roleArn)),
      tasks: all(({ cluster }) => [here('ecs', `task/${cluster.clusterName}/*`)]),
      scalableTargets: [here('application-autoscaling', 'scalable-target/*')],
      taskDefinitions: all(({ taskDefinitions }) =>
        taskDefinitions.map(({ family }) => here('ecs', `task-definition/${family}:*`)),
      ),
      trialDefinitions: all(({ taskDefinitions }) =>
        taskDefinitions.map(({ family }) => here('ecs', `task-definition/${trialFamily(family)}:*`)),
      ),
      taskRoles: all(({ taskDefinitions }) =>
        taskDefinitions.flatMap(({ taskRole, executionRole }) =>
          [taskRole, executionRole].flatMap((role) => (role ? [role.roleArn] : [])),
        ),
      ),
      taskLogs: all(({ settings, taskDefinitions }) =>
        taskDefinitions.flatMap((definition) => {
          const { options } = definition.findContainer(settings.container)?.logDriverConfig ?? {};
          const group = options?.['awslogs-group'];
          return group ? [here('logs', `log-group:${group}:log-stream:*`)] : [];
        }),
      ),
      rules: all(({ settings: { traffic } }) => (traffic ? [...rulesIn({ traffic }), traffic.testRule] : [])),
      databases: all(({ settings: { database } }) => [
        here('rds', `db:${database.instance}`),
        here('rds', `db:${restoredNames(database.instance)}`),
      ]),
      restored: all(({ settings: { database } }) => [here('rds', `db:${restoredNames(database.instance)}`)]),
      databaseRoles: all(({ databaseRoles = [] }) => databaseRoles.map(({ roleArn }) => roleArn)),
      databaseGroups: ['subgrp', 'pg', 'og'].map((group) => here('rds', `${group}:*`)),
      snapshots: all(({ settings: { database } }) => [
        here('rds', `snapshot:greenlight-*${snapshotEnd(database.instance)}`),
      ]),
      secrets: all(({ settings }) => [settings.database.secret]),
      manifests: all(({ manifests }) => [`${manifests.bucketArn}/*`]),
      testFunctions: all(({ settings }) =>
        (settings.smokeTests ?? []).flatMap((test) => ('lambda' in test ? [test.lambda] : [])),
      ),
      alarms: all(({ settings }) =>
        (settings.evidence?.alarms ?? []).map((name) => here('cloudwatch', `alarm:${name}`)),
      ),
      manifestBuckets: all(({ manifests }) => [manifests.bucketArn]),
      attestations: all(({ manifests, settings }) => [
        `${manifests.bucketArn}/*.${settings.environment}.json`,
      ]),
    };
  }

  /** One function and one role per step, or per function beside the graph; the role holds its grants and what Lambda itself needs. */
  private functionOf(
    { name, comment, ports }: Deployed,
    { vpc, securityGroup }: DeploymentWorkflowProps,
    reach: Scope,
    environment: Record<string, string>,
  ): LambdaFunction {
    const inVpc = Object.values(ports).some((port) => port.inVpc);
    const role = new Role(this, `${name}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${name} may do`,
    });
    for (const statement of statementsOf(ports, reach)) role.addToPolicy(statement);
    this.functionLogs.grantWrite(role);
    if (inVpc) role.addToPolicy(networkInterfaces());
    return new LambdaFunction(this, name, {
      description: comment,
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      code: codeOf(name),
      handler: 'index.handler',
      memorySize: 512,
      timeout: Duration.seconds(FUNCTION_TIMEOUT_SECONDS),
      tracing: Tracing.ACTIVE,
      logGroup: this.functionLogs,
      role,
      environment,
      // executions may take days, so a version that is no longer the newest stays, but not one of an update that is rolled back
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      ...(inVpc ? { vpc, securityGroups: [securityGroup] } : {}),
    });
  }

  private machineOf(functions: LambdaFunction[], stateMachineName: string): StateMachine {
    const values = {
      // published versions: an execution keeps the functions that it began with, whatever is deployed meanwhile
      ...Object.fromEntries(functions.map((fn) => [fn.node.id, fn.currentVersion.functionArn])),
      Stack: Stack.of(this).stackName,
    };
    const machine = new StateMachine(this, 'Deployment', {
      stateMachineName,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(bind(definition, values))),
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'DeploymentLogs', {
          retention: RetentionDays.ONE_YEAR,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ERROR,
        // inputs and outputs hold no secrets, but neither do logs need them
        includeExecutionData: false,
      },
    });
    // fromString loses the grants that CDK would have made
    for (const fn of functions) fn.grantInvoke(machine);
    return machine;
  }

  /**
   * A function in a VPC that nobody calls for two weeks loses its network interface, and its next call fails until it has
   * another one; those of a rollback are called on bad days only. So each is called once a day, for nothing.
   * Source: AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
   */
  private keepAwake(functions: LambdaFunction[]): void {
    for (let from = 0; from < functions.length; from += TARGETS)
      new Rule(this, `KeepAwake${from / TARGETS + 1}`, {
        description: 'Keeps the network interfaces of functions that are seldom called',
        schedule: Schedule.rate(Duration.days(1)),
        targets: functions
          .slice(from, from + TARGETS)
          .map((fn) => new LambdaTarget(fn.currentVersion, { event: RuleTargetInput.fromObject(WAKE) })),
      });
  }

  /** Calls a function whenever an execution of the machine ends badly, or regularly. */
  private wake(fn: LambdaFunction, triggers: AnyBackground['triggers']): void {
    const targets = [new LambdaTarget(fn)];
    if (triggers.includes('executionFailed'))
      new Rule(this, `${fn.node.id}OnEnd`, {
        description: `Wakes ${fn.node.id} when an execution ends badly`,
        eventPattern: {
          source: ['aws.states'],
          detailType: ['Step Functions Execution Status Change'],
          detail: {
            stateMachineArn: [this.stateMachine.stateMachineArn],
            status: ['ABORTED', 'FAILED', 'TIMED_OUT'],
          },
        },
        targets,
      });
    if (triggers.includes('schedule'))
      new Rule(this, `${fn.node.id}Regularly`, {
        description: `Wakes ${fn.node.id}`,
        schedule: Schedule.rate(LOOK_AFTER),
        targets,
      });
  }

  /** `DeploymentRequested` on the default bus, its detail being the request, starts a deployment; by its id, one only. */
  private startFromEvent(): void {
    const input = RuleTargetInput.fromObject({
      event: EventField.eventId,
      request: EventField.fromPath('$.detail'),
    });
    new Rule(this, 'OnDeploymentRequested', {
      description: 'Starts a deployment from an event whose detail is the request',
      eventPattern: { detailType: ['DeploymentRequested'] },
      targets: [new SfnStateMachine(this.stateMachine, { input })],
    });
  }
}

const NO_FAMILY =
  'a task definition of `taskDefinitions` has no family, because it is imported: expected one that is made in this app, since a release is its newest revision with another image';

/** Where CDK has made a role's policy, it may name the one revision that was there then; a release is another one. */
function allowRevisions(role: IRole, taskDefinitions: FargateTaskDefinition[], cluster: ICluster): void {
  const { partition, region, account } = Stack.of(cluster);
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['ecs:RunTask'],
      resources: taskDefinitions.map(
        ({ family }) => `arn:${partition}:ecs:${region}:${account}:task-definition/${family}:*`,
      ),
      conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
    }),
  );
}

const isRule = (worker: DeployedWorker): worker is DeployedRule => 'rule' in worker;
const isSchedule = (worker: DeployedWorker): worker is DeployedSchedule => 'schedule' in worker;

/** Is it a service that the template itself declares? */
const isDeclared = ({ node }: Construct) =>
  node.findAll().some((one) => CfnResource.isCfnResource(one) && one.cfnResourceType === 'AWS::ECS::Service');

/** A function in a VPC makes its own network interface. Source: AWS Lambda Developer Guide, "VPC permissions". */
const networkInterfaces = () =>
  new PolicyStatement({
    sid: 'NetworkInterfaces',
    effect: Effect.ALLOW,
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });

/** The operator's sentence of a state. */
const commentOf = (name: string): string | undefined =>
  states.find((one) => one.name === name)?.state.Comment;
