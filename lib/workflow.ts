import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { checkServices, prepareServices } from './declared-services';
import { answerPage, besideTheGraph, stepsOfTheGraph } from './graph-functions';
import { storeSettings, storeWhereabouts } from './parameters';
import { reachOf } from './reach';
import { callerOf, deploymentMachine, keepAwakeMachine } from './state-machines';
import { startDaily, starterOf, startFromEvent, wakeThem } from './triggers';
import type { DeploymentWorkflowProps } from './workflow-props';

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
    const { services, vpc, securityGroup, configuration = { environments: {} } } = props;
    checkServices(services, configuration);
    prepareServices(services);

    this.journal = new Table(this, 'Journal', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // the audit trail outlives the stack
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.topic = new Topic(this, 'Announcements', { enforceSSL: true });
    const logs = (id: string, retention: RetentionDays) =>
      new LogGroup(this, id, { retention, removalPolicy: RemovalPolicy.DESTROY });
    this.functionLogs = logs('FunctionLogs', RetentionDays.THREE_MONTHS);

    const name = Stack.of(this).stackName;
    const settingsPrefix = `/greenlight/${name}`;
    const machineName = `${name}-${id}`;
    const own = { table: this.journal.tableArn, topic: this.topic.topicArn, settingsPrefix, machineName };
    const reach = reachOf(this, services, own);
    const shared = { vpc, securityGroup, logGroup: this.functionLogs, reach };
    const environment = {
      GREENLIGHT_TABLE: this.journal.tableName,
      GREENLIGHT_TOPIC: this.topic.topicArn,
      GREENLIGHT_SETTINGS: settingsPrefix,
      // by name: the machine names the functions, so they cannot name the machine
      GREENLIGHT_MACHINE: reach.stateMachine[0] ?? '',
    };
    const beside = besideTheGraph(this, shared, environment);
    const answers = answerPage(beside);
    const steps = stepsOfTheGraph(this, shared, { ...environment, GREENLIGHT_ANSWERS: answers });

    const caller = callerOf(this, steps);
    const machineLogs = logs('DeploymentLogs', RetentionDays.ONE_YEAR);
    const common = { role: caller, logs: machineLogs };
    this.stateMachine = deploymentMachine(this, { ...common, name: machineName, workflow: name, steps });
    const waking = keepAwakeMachine(this, { ...common, steps: steps.filter(({ inVpc }) => inVpc) });

    const starter = starterOf(this, [this.stateMachine, waking]);
    startFromEvent(this, this.stateMachine, starter);
    startDaily(this, waking, starter);
    wakeThem(this, beside, this.stateMachine);

    storeSettings(this, settingsPrefix, { services, configuration });
    storeWhereabouts(this, settingsPrefix, {
      table: this.journal.tableName,
      stateMachine: this.stateMachine.stateMachineArn,
      topic: this.topic.topicArn,
    });
  }
}
