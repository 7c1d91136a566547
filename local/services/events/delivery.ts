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
}

export interface Undelivered {
  ruleArn: string;
  targetArn: string;
  eventId: string;
  reason: string;
}

/** Sends events to the targets of rules, each once, and remembers what could not be delivered. */
export class Delivery {
  readonly undelivered: Undelivered[] = [];

  constructor(private readonly receivers: Receivers) {}

  /** Returns at once; failures end up in `undelivered`. */
  deliver(rule: Rule, event: BusEvent): void {
    for (const target of rule.targets.values())
      this.send(target, rule, event).catch((error) =>
        remember(this.undelivered, {
          ruleArn: rule.arn,
          targetArn: target.Arn!,
          eventId: event.id,
          reason: String(error?.message ?? error),
        }),
      );
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
