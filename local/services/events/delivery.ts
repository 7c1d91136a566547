import type { Target } from '@aws-sdk/client-eventbridge';
import { type RunTask, taskOf } from '../../ecs-target';
import { remember } from '../../newest';
import type { EventFunctions } from '../../service';
import { type BusEvent, inputFor } from './input';
import type { Rule } from './rules';

/** What receives events. */
export interface Receivers {
  startExecution: (stateMachineArn: string, input: string) => Promise<void>;
  functions: EventFunctions;
  publish: (topicArn: string, message: string) => void;
  runTask: RunTask;
  /** For what a rule could not deliver. */
  sendTo: (
    queueArn: string,
    ruleArn: string,
    letter: { body: string; attributes: Record<string, string> },
  ) => void;
}

export interface Undelivered {
  ruleArn: string;
  targetArn: string;
  eventId: string;
  reason: string;
}

/** Sends events to the targets of rules, each once, and remembers what could not be delivered, as its dead-letter queue does. */
export class Delivery {
  readonly undelivered: Undelivered[] = [];

  constructor(private readonly receivers: Receivers) {}

  /** Returns at once; failures end up in `undelivered`. */
  deliver(rule: Rule, event: BusEvent): void {
    for (const target of rule.targets.values())
      this.send(target, rule, event).catch((error) => this.bury(target, rule, event, error));
  }

  /** Source: Amazon EventBridge User Guide, "Using dead-letter queues to process undelivered events". */
  private bury({ Arn = '', DeadLetterConfig }: Target, rule: Rule, event: BusEvent, error: Error): void {
    const reason = String(error?.message ?? error);
    remember(this.undelivered, { ruleArn: rule.arn, targetArn: Arn, eventId: event.id, reason });
    if (!DeadLetterConfig?.Arn) return;
    const attributes = {
      RULE_ARN: rule.arn,
      TARGET_ARN: Arn,
      ERROR_CODE: error?.name ?? 'Error',
      ERROR_MESSAGE: reason,
      RETRY_ATTEMPTS: '0',
    };
    try {
      this.receivers.sendTo(DeadLetterConfig.Arn, rule.arn, { body: JSON.stringify(event), attributes });
    } catch {
      // EventBridge drops what its queue does not take
    }
  }

  private async send(target: Target, rule: Rule, event: BusEvent): Promise<void> {
    const { startExecution, publish, functions, runTask } = this.receivers;
    const service = target.Arn!.split(':')[2];
    if (service === 'ecs') {
      // an event is no override of a task: without an input of its own it starts as its definition says
      const asked = [target.Input, target.InputPath, target.InputTransformer].some(
        (given) => given !== undefined,
      );
      const Input = asked ? inputFor(target, event, rule) : undefined;
      return runTask(target.RoleArn!, taskOf({ ...target, Input }, `events-rule/${rule.name}`));
    }
    const input = inputFor(target, event, rule);
    if (service === 'states') return startExecution(target.Arn!, input);
    if (service === 'sns') return publish(target.Arn!, input);
    await functions.enqueue(target.Arn!, JSON.parse(input));
  }
}
