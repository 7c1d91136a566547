import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Alarm, Dashboard, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Connections, type IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { type Grant, type IGrantable, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { verbs as portsOf, type Verb } from '../../src/aws/verbs';
import type { Scope } from '../../src/domain/step/port';
import { type KeysOf, letServicesUse, usesTable, usingKey, usingKeysOf } from '../rights/encryption';
import { statementsOf } from '../rights/grants';
import { arnOf, keysOf, reachOf } from '../rights/reach';
import { type Allowed, acknowledgeWildcards } from '../rights/role';
import { checkServices, mustBeServices, prepareServices } from '../service/declared-services';
import type { DeployedService } from '../service/deployed-service';
import { type AlarmName, alarmsOf, tellAlarms } from './alarms';
import { dashboardOf } from './dashboard';
import { answerPageOf, besideTheGraph, stepsOfTheGraph } from './graph-functions';
import { type ApiOperation, httpApiOf, mayCall } from './http-api';
import { countEndedFunctions, measured } from './measured';
import { networkOf } from './network';
import { onOutcome } from './outcomes';
import { storeSettings, storeWhereabouts } from './parameters';
import { type PushedImage, startFromPush } from './pushed-image';
import { checkPatterns } from './redaction';
import { reportsOf } from './reports';
import { callerOf, deploymentMachine, keepAwakeMachine } from './state-machines';
import { type Delivery, startDaily, starterOf, startFromEvent, wakeThem } from './triggers';
import { undeliveredOf } from './undelivered';
import { workflowName } from './workflow-name';
import type { DeploymentWorkflowProps } from './workflow-props';

/**
 * The deployment state machine with everything it needs: a function and a role per step, the journal and lock
 * table, the settings of its services, the topic for people, and the rule that starts it from an event.
 */
export class DeploymentWorkflow extends Construct implements IConnectable {
  /** By which the command line finds it, and what its events say in `detail.workflow`. */
  readonly name: string;
  /** A deployment is one execution of it. */
  readonly stateMachine: StateMachine;
  /** What each step decided, and the locks. It stays when the stack goes. */
  readonly journal: Table;
  /** What people are told, and where alarms tell; nobody hears it without a subscription. */
  readonly topic: Topic;
  /** Where all of its functions log, so that one query sees a whole deployment. */
  readonly functionLogs: LogGroup;

  /**
   * Events that could not be delivered to it or to its functions, for two weeks: nothing reads them, and the alarm `undelivered` tells
   * of them.
   */
  readonly undelivered: Queue;

  /** Where deployments leave their reports, `s3://bucket/prefix`: one is named after its deployment, `<name>.html`. */
  readonly reportsLocation: string;
  /** Those that were not left out, by the names of `AlarmOptions`. */
  readonly alarms: Readonly<Partial<Record<AlarmName, Alarm>>>;
  /** Undefined where it was left out. */
  readonly dashboard?: Dashboard;

  /** Undefined where none was asked for. */
  readonly api?: HttpApi;

  /** Of its functions that read the databases. */
  readonly connections: Connections;

  private readonly reach: Scope;
  private readonly key?: IKey;
  private readonly keys: KeysOf;
  private readonly delivery: Delivery;
  private readonly services: readonly DeployedService[];

  /** @throws Error for services that a request would be refused for, which lists every problem of their props; for a name that another one has */
  constructor(scope: Construct, id: string, props: DeploymentWorkflowProps) {
    super(scope, id);
    const { services, configuration = { environments: {} }, key, logRetention } = props;
    const { answerPage = true, answerPageConcurrency = 5, redact = [] } = props;
    const { alarms = {}, dashboard = {}, api } = props;
    const name = workflowName(this, props.name);
    this.name = name;
    mustBeServices(this.node.path, services);
    checkServices(services, configuration);
    checkPatterns(this.node.path, redact);
    prepareServices(services);
    if (key) letServicesUse(this, key);

    this.journal = new Table(this, 'Journal', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: key && TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // the audit trail outlives the stack
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.topic = new Topic(this, 'Announcements', { enforceSSL: true, masterKey: key });
    for (const subscription of props.subscriptions ?? []) this.topic.addSubscription(subscription);
    const logs = (id: string, retention: RetentionDays) =>
      new LogGroup(this, id, {
        retention: logRetention ?? retention,
        encryptionKey: key,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    this.functionLogs = logs('FunctionLogs', RetentionDays.THREE_MONTHS);

    const settingsPrefix = `/greenlight/${name}`;
    const machineName = `${name}-${id}`;
    const reports = props.reportBucket ?? reportsOf(this, { key, retention: props.reportRetention });
    const prefix = `reports/${name}`;
    this.reportsLocation = `s3://${reports.bucketName}/${prefix}`;
    const reach = reachOf(this, services, {
      ...{ table: this.journal.tableArn, topic: this.topic.topicArn, settingsPrefix, machineName },
      reports: reports.arnForObjects(prefix),
    });
    this.reach = reach;
    this.key = key;
    const keyOfReports = reports.encryptionKey && arnOf(name, reports.encryptionKey);
    this.keys = { ...keysOf(services), reports: keyOfReports ? [keyOfReports] : [] };
    const network = networkOf(this, props);
    this.connections = new Connections({ securityGroups: network.securityGroups });
    const shared = { ...network, logGroup: this.functionLogs, reach, key, keys: this.keys };
    const environment = {
      GREENLIGHT_TABLE: this.journal.tableName,
      GREENLIGHT_TOPIC: this.topic.topicArn,
      GREENLIGHT_REPORTS: this.reportsLocation,
      GREENLIGHT_SETTINGS: settingsPrefix,
      // by name: the machine names the functions, so they cannot name the machine
      GREENLIGHT_MACHINE: reach.stateMachine[0] ?? '',
      ...(redact.length > 0 && { GREENLIGHT_REDACT: JSON.stringify(redact) }),
    };
    this.undelivered = undeliveredOf(this, key);
    const beside = besideTheGraph(this, shared, {
      ...{ environment, undelivered: this.undelivered },
      requests: answerPage ? { concurrency: answerPageConcurrency } : null,
      api: api !== undefined,
    });
    const answers = answerPageOf(beside);
    const steps = stepsOfTheGraph(this, shared, { ...environment, GREENLIGHT_ANSWERS: answers });

    const caller = callerOf(this, steps);
    const machineLogs = logs('DeploymentLogs', RetentionDays.ONE_YEAR);
    const common = { role: caller, logs: machineLogs };
    this.stateMachine = deploymentMachine(this, { ...common, name: machineName, workflow: name, steps });
    const waking = keepAwakeMachine(this, { ...common, steps: steps.filter(({ inVpc }) => inVpc) });

    const deadLetterQueue = this.undelivered;
    this.delivery = { deadLetterQueue, role: starterOf(this, [this.stateMachine, waking]) };
    this.services = services;
    startFromEvent(this, this.stateMachine, { services, ...this.delivery });
    startDaily(this, waking, this.delivery);
    if (api)
      this.api = httpApiOf(this, name, {
        ...(api === true ? {} : api),
        handler: beside.ServeApi!.function,
        accessLogs: logs('ApiLogs', RetentionDays.ONE_YEAR),
      });
    wakeThem(beside, { machine: this.stateMachine, deadLetterQueue });

    countEndedFunctions(this, name, this.functionLogs);
    const watched = {
      ...{ workflow: name, machine: this.stateMachine, undelivered: this.undelivered },
      reconcile: beside.Reconcile!.function,
    };
    this.alarms = alarms ? alarmsOf(this, watched, alarms, alarms.actions ?? tellAlarms(this.topic)) : {};
    if (dashboard) this.dashboard = dashboardOf(this, watched, Object.values(this.alarms), dashboard);

    storeSettings(this, settingsPrefix, { services, configuration });
    storeWhereabouts(this, settingsPrefix, {
      table: this.journal.tableName,
      stateMachine: this.stateMachine.stateMachineArn,
      topic: this.topic.topicArn,
      reports: this.reportsLocation,
      redact,
      alarms: Object.values(this.alarms).map(({ alarmName }) => alarmName),
    });
    new CfnOutput(this, 'Topic', {
      value: this.topic.topicArn,
      description: 'What people are told of deployments',
    });
  }

  /**
   * Allows to start deployments, dry runs and recoveries, and so to deploy any of the services: `states:StartExecution`. Following
   * them by the command line takes more: `grantVerbs`.
   */
  grantStart(grantee: IGrantable): Grant {
    return this.stateMachine.grantStartExecution(grantee);
  }

  /**
   * The least that these verbs of the command line need: for a policy, a permissions boundary, or an output. Whoever may `deploy` may
   * deploy any service of the workflow (docs/security.md).
   */
  policyOf(...verbs: Verb[]): PolicyDocument {
    return new PolicyDocument({ statements: this.allowedTo(verbs).map(({ statement }) => statement) });
  }

  /** Allows to type these verbs of the command line, and nothing else: a pipeline needs `bundle`, `deploy` and `report`. */
  grantVerbs(grantee: IGrantable, ...verbs: Verb[]): void {
    for (const { statement, because = {} } of this.allowedTo(verbs)) {
      grantee.grantPrincipal.addToPrincipalPolicy(statement);
      if (Construct.isConstruct(grantee)) acknowledgeWildcards(grantee, because);
    }
  }

  /**
   * Allows to call these operations of the HTTP API, `start` and `get` for a pipeline, and nothing else; all where none is named.
   * Whoever may `start` may deploy any service of the workflow.
   * @throws Error for a workflow without one
   */
  grantApi(grantee: IGrantable, ...some: ApiOperation[]): void {
    if (!this.api)
      throw new Error(`${this.node.path} has no HTTP API; set api: true of its DeploymentWorkflow`);
    const { statement, because = {} } = mayCall(this.api, some);
    grantee.grantPrincipal.addToPrincipalPolicy(statement);
    if (Construct.isConstruct(grantee)) acknowledgeWildcards(grantee, because);
  }

  private allowedTo(verbs: readonly Verb[]): Allowed[] {
    const ports = Object.assign({}, ...verbs.map((verb) => portsOf[verb]));
    return [
      ...statementsOf(ports, this.reach),
      ...usingKeysOf(this, ports, this.keys),
      ...(this.key && usesTable(ports) ? [usingKey(this, this.key)] : []),
    ];
  }

  /**
   * A rule that starts a deployment when an image is pushed to a service's repository under one of these tags. Its manifest has to be
   * there by then, or the request says `migrations: 'none'` (docs/requests.md).
   * @throws Error for another workflow's service, no tag, and a request that would be refused
   */
  startOnPush(id: string, pushed: PushedImage): Rule {
    const { services, stateMachine: machine, delivery } = this;
    return startFromPush(this, id, pushed, { services, machine, ...delivery });
  }

  /** A rule for when a version is live. The event's detail has `deployment`, `service`, `image`, `reason`, `remark` and `report`. */
  onSucceeded(id: string, options?: OnEventOptions): Rule {
    return onOutcome(this, id, { outcome: 'succeeded', workflow: this.name }, options);
  }

  /** A rule for when the previous version has all users again. The event's detail has `deployment`, `service`, `image`, `cause` and `report`. */
  onRolledBack(id: string, options?: OnEventOptions): Rule {
    return onOutcome(this, id, { outcome: 'rolledBack', workflow: this.name }, options);
  }

  /** A rule for when a person has to decide. The event's detail has `deployment`, `service`, `cause` and `report`. */
  onNeedsOperator(id: string, options?: OnEventOptions): Rule {
    return onOutcome(this, id, { outcome: 'needsOperator', workflow: this.name }, options);
  }

  /** How many deployments of all services have succeeded. @default the sum over 5 minutes; 0 where none ended */
  metricSucceeded(options?: MetricOptions): Metric {
    return measured(this.name, 'DeploymentSucceeded', options);
  }

  /** How many deployments of all services were rolled back. @default the sum over 5 minutes; 0 where none ended */
  metricRolledBack(options?: MetricOptions): Metric {
    return measured(this.name, 'RolledBack', options);
  }

  /** How many deployments of all services have called an operator. @default the sum over 5 minutes; 0 where none did */
  metricNeedsOperator(options?: MetricOptions): Metric {
    return measured(this.name, 'NeedsOperator', options);
  }
}
