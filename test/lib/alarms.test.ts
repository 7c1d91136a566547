import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { PureWorker } from '../../lib/service/pure-worker';
import { DeploymentWorkflow } from '../../lib/workflow/workflow';
import type { DeploymentWorkflowProps } from '../../lib/workflow/workflow-props';
import { imported } from './imported';

jest.setTimeout(60_000);

function workflowWith(props: (stack: Stack) => Partial<DeploymentWorkflowProps> = () => ({})) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  const { traffic: _, ...service } = imported(stack);
  const workflow = new DeploymentWorkflow(stack, 'Greenlight', {
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Security', 'sg-1')],
    services: [new PureWorker(stack, 'Packer', service)],
    ...props(stack),
  });
  return {
    stack,
    workflow,
    get template() {
      return Template.fromStack(stack);
    },
  };
}

const topic = { Ref: Match.stringLikeRegexp('^GreenlightAnnouncements') };
const alarmsIn = (template: Template) => Object.values(template.findResources('AWS::CloudWatch::Alarm'));

describe('by itself a workflow', () => {
  const { stack, workflow } = workflowWith();
  new SlackChannelConfiguration(stack, 'OnCall', {
    slackChannelConfigurationName: 'on-call',
    ...{ slackWorkspaceId: 'T0123ABCD', slackChannelId: 'C0123ABCD' },
    notificationTopics: [workflow.topic],
  });
  const template = Template.fromStack(stack);

  it('has eleven alarms, each of which tells its topic, has its words and counts what is missing for nothing', () => {
    expect(Object.keys(workflow.alarms)).toHaveLength(11);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [topic],
      AlarmDescription: Match.stringLikeRegexp('^Shop: .{40}'),
      TreatMissingData: 'notBreaching',
    });
    expect(alarmsIn(template)).toHaveLength(11);
  });

  it('lets the alarms of its account, and nothing else of Amazon CloudWatch, tell the topic', () =>
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            ...{ Sid: 'Alarms', Action: 'sns:Publish' },
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': Match.anyValue() },
            },
          }),
        ]),
      },
    }));

  it('has a dashboard, says where people are told, and has nobody who hears', () => {
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    template.hasOutput('*', { Value: topic });
    template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  it('tells a channel of Slack by its topic, as docs/operating.md says', () =>
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', { SnsTopicArns: [topic] }));
});

it('without alarms and dashboard there are none, and Amazon CloudWatch may not tell the topic', () => {
  const { template, workflow } = workflowWith(() => ({ alarms: false, dashboard: false }));
  template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  expect(JSON.stringify(template.findResources('AWS::SNS::TopicPolicy'))).not.toContain(
    'cloudwatch.amazonaws.com',
  );
  expect([workflow.alarms, workflow.dashboard]).toEqual([{}, undefined]);
});

it('all of them tell a topic of the team, and then none tells its own', () => {
  const { template } = workflowWith((stack) => ({
    alarms: { actions: [new SnsAction(new Topic(stack, 'OnCall'))] },
  }));
  template.allResourcesProperties('AWS::CloudWatch::Alarm', {
    AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCall') }],
  });
  expect(JSON.stringify(template.findResources('AWS::SNS::TopicPolicy'))).not.toContain(
    'cloudwatch.amazonaws.com',
  );
});

describe('what a team says of it', () => {
  const { template, workflow } = workflowWith((stack) => ({
    alarms: {
      executionFailed: false,
      slowMigration: { threshold: 1800, period: Duration.minutes(1), alarmName: 'slow' },
      needsOperator: { actions: [new SnsAction(new Topic(stack, 'OnCall'))] },
    },
    subscriptions: [new EmailSubscription('on-call@example.org')],
    dashboard: { dashboardName: 'releases', widgets: [[new TextWidget({ markdown: 'ours' })]] },
    key: new Key(stack, 'Key'),
  }));

  it('leaves one alarm out, changes one, and has one tell somebody else', () => {
    expect(workflow.alarms.executionFailed).toBeUndefined();
    expect(alarmsIn(template)).toHaveLength(10);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...{ AlarmName: 'slow', Threshold: 1800, Period: 60, Statistic: 'Maximum', AlarmActions: [topic] },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'NeedsOperator',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCall') }],
    });
  });

  it('subscribes somebody, and adds to the dashboard under a name of its own', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', TopicArn: topic });
    template.hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'releases' });
    expect(JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'))).toContain('ours');
  });

  it('lets alarms write to the topic that its key encrypts', () =>
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          }),
        ]),
      },
    }));
});
