import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { WAKE } from '../../src/runtime/run-step';
import { bind, definition } from '../../statemachines';
import { type Allowed, roleOf } from '../rights/role';
import type { StepFunction } from './step-function';

/** By which state machines call the steps' functions. */
export function callerOf(scope: Construct, steps: readonly StepFunction[]): Role {
  return roleOf(scope, 'DeploymentRole', {
    service: 'states.amazonaws.com',
    description: 'What the deployment state machine may do',
    allowed: [calls(steps), logsAndTraces()],
  });
}

/** The deployment: a published version of each step's function, so that an execution keeps those that it began with. */
export function deploymentMachine(
  scope: Construct,
  props: { name: string; workflow: string; steps: readonly StepFunction[]; role: Role; logs: ILogGroup },
): StateMachine {
  const { name, workflow, steps, role, logs } = props;
  const versions = steps.map((step) => [step.node.id, step.function.currentVersion.functionArn]);
  const values = { ...Object.fromEntries(versions), Stack: workflow, Partition: Stack.of(scope).partition };
  return machineOf(scope, 'Deployment', { name, role, logs, definition: bind(definition, values) });
}

/**
 * A function in a VPC that nobody calls for two weeks loses its network interface, and its next call fails until it has
 * another one; those of a rollback are called on bad days only. So each is called once a day, for nothing: by a state machine,
 * where a rule for every five and a permission for each would be twenty resources more.
 * Source: AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
 */
export function keepAwakeMachine(
  scope: Construct,
  props: { steps: readonly StepFunction[]; role: Role; logs: ILogGroup },
): StateMachine {
  const versions = props.steps.map((step) => step.function.currentVersion.functionArn);
  const definition = {
    Comment: 'Keeps the network interfaces of functions that are seldom called',
    QueryLanguage: 'JSONata',
    StartAt: 'KeepAwake',
    TimeoutSeconds: Duration.hours(1).toSeconds(),
    States: {
      KeepAwake: {
        Type: 'Map',
        Items: versions,
        ItemProcessor: {
          StartAt: 'Wake',
          States: {
            Wake: {
              Type: 'Task',
              Resource: `arn:${Stack.of(scope).partition}:states:::lambda:invoke`,
              Arguments: { FunctionName: '{% $states.input %}', Payload: WAKE },
              // one that has lost its interface gets it back by being asked
              Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 60, MaxAttempts: 3 }],
              // the others are called all the same
              Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Asleep' }],
              Output: {},
              End: true,
            },
            Asleep: { Type: 'Pass', Output: {}, End: true },
          },
        },
        Output: {},
        End: true,
      },
    },
  };
  return machineOf(scope, 'KeepAwake', { ...props, definition });
}

function machineOf(
  scope: Construct,
  id: string,
  props: { name?: string; role: Role; logs: ILogGroup; definition: unknown },
): StateMachine {
  const { name, role, logs, definition } = props;
  return new StateMachine(scope, id, {
    stateMachineName: name,
    role: role.withoutPolicyUpdates(),
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    tracingEnabled: true,
    logs: {
      destination: logs,
      level: LogLevel.ALL,
      // inputs and outputs hold no secrets, but neither do logs need them
      includeExecutionData: false,
    },
  });
}

const calls = (steps: readonly StepFunction[]): Allowed => {
  const resources = steps.map((step) => `${step.function.functionArn}:*`);
  const reason = 'an execution calls the published version that it began with, of which there are several';
  return {
    statement: new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }),
    because: Object.fromEntries(resources.map((resource) => [resource, reason])),
  };
};

const logsAndTraces = (): Allowed => ({
  statement: new PolicyStatement({
    actions: [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ],
    resources: ['*'],
  }),
  because: {
    '*': 'the deliveries of logs and the traces of an account have no resource (AWS Step Functions Developer Guide, "Using CloudWatch Logs" and "AWS X-Ray")',
  },
});
