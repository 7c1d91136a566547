import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { aroundLink, redacted, redaction } from '../domain/privacy/redaction';
import { reportCommand } from '../domain/rollback/command';
import type { Port } from '../domain/step/port';
import { subjectOf } from '../domain/text/subject';
import { stack } from './stack';

/** What leaves the workflow, in the past tense. */
export type Announcement =
  | 'DeploymentStarted'
  | 'ApprovalRequested'
  | 'DeploymentHeld'
  | 'MaintenanceAnnounced'
  | 'RollbackQuestioned'
  | 'TrafficShifted'
  | 'ServiceClosed'
  | 'ServiceOpened'
  | 'DatabaseRestored'
  | 'MigrationSlow'
  | 'MigrationCancelled'
  | 'SeedsUnproven'
  | 'ContractStarted'
  | 'DeploymentSucceeded'
  | 'DeploymentRolledBack'
  | 'DeploymentRejected'
  | 'PlanReported'
  | 'SlotsDiffer'
  | 'WorkersDiffer'
  | 'OperatorNeeded';

export interface Events {
  /**
   * The event says in `workflow` which one it comes from: an account may have several that deploy a service of the same name.
   * Rejects with EventBridge's own error, also of an event that fails while the call succeeds.
   */
  put(type: Announcement, detail: Record<string, unknown>): Promise<void>;
}
export interface People {
  /** `deployment`: the one it is about; then the message ends with how to read its report. */
  tell(subject: string, message: string, deployment?: string): Promise<void>;
}

export const events: Port<Events> = {
  grants: [{ sid: 'Announce', actions: ['events:PutEvents'], on: ['bus'] }],
  open(environment) {
    const { name: workflow } = stack.open(environment);
    const redact = redaction(environment.redact);
    const eventBridge = new EventBridgeClient({});
    return {
      async put(type, detail) {
        const { FailedEntryCount = 0, Entries } = await eventBridge.send(
          new PutEventsCommand({
            Entries: [
              {
                Source: 'greenlight',
                DetailType: type,
                Detail: JSON.stringify({ workflow, ...redacted(detail, redact) }),
              },
            ],
          }),
        );
        // answered with 200: the call succeeded, the event did not
        const { ErrorCode, ErrorMessage } = Entries?.[0] ?? {};
        if (FailedEntryCount > 0)
          throw Object.assign(
            new Error(`the event ${type} was not taken: ${ErrorMessage ?? 'no reason given'}`),
            {
              name: ErrorCode ?? 'InternalFailure',
            },
          );
      },
    };
  },
};

export const people: Port<People> = {
  grants: [{ sid: 'TellPeople', actions: ['sns:Publish'], on: ['topic'] }],
  open(environment) {
    const { name } = stack.open(environment);
    const sns = new SNSClient({});
    const redact = redaction(environment.redact);
    return {
      async tell(subject, message, deployment) {
        const Subject = subjectOf(redact(subject));
        const report = deployment ? `\n\n${reportCommand(deployment, name)}` : '';
        await sns.send(
          new PublishCommand({
            ...{ TopicArn: environment.topic, Subject },
            Message: `${aroundLink(message, environment.answers, redact)}${report}`,
          }),
        );
      },
    };
  },
};

export interface ListenerCounter {
  /** Of the workflow's topic: how many were asked to listen, and how many of them have confirmed that they want to. */
  count(): Promise<{ confirmed: number; asked: number }>;
}

export const listenerCounter: Port<ListenerCounter> = {
  grants: [{ sid: 'CountListeners', actions: ['sns:ListSubscriptionsByTopic'], on: ['topic'] }],
  open({ topic: TopicArn }) {
    const client = new SNSClient({});
    return {
      async count() {
        const arns: string[] = [];
        for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
          arns.push(...Subscriptions.map(({ SubscriptionArn = '' }) => SubscriptionArn));
        return { asked: arns.length, confirmed: arns.filter((arn) => arn.startsWith('arn:')).length };
      },
    };
  },
};
