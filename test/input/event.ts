import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { World } from '../scenarios/world';
import { answerOf, type Door } from './execution';
import type { Answer } from './parser';

/** `PutEvents` with the text as the event's detail; the rule's execution is the next new one, so one event at a time. */
export function eventDoor(world: World): Door {
  const bus = new EventBridgeClient(world.aws);
  const sfn = new SFNClient(world.aws);
  const { events } = world.cloud.services;
  const seen = new Set<string>();

  async function fresh(): Promise<string | undefined> {
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: world.cloud.outputs.StateMachineArn, maxResults: 20 }),
    );
    return executions.map(({ executionArn }) => executionArn ?? '').find((arn) => !seen.has(arn));
  }

  /** Does the rule that starts deployments take it? An event that none takes starts nothing, and nobody is told. */
  async function isTaken(detail: string): Promise<boolean> {
    const { Rules = [] } = await bus.send(new ListRulesCommand({}));
    const { EventPattern } = Rules.find(({ Name }) => Name?.includes('OnDeploymentRequested')) ?? {};
    const envelope = {
      id: '1',
      account: '1',
      source: 'a pipeline',
      time: '2026-01-01T00:00:00Z',
      region: 'eu-west-1',
    };
    const event = {
      ...envelope,
      resources: [],
      'detail-type': 'DeploymentRequested',
      detail: JSON.parse(detail),
    };
    const command = new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(event) });
    return (await bus.send(command)).Result ?? false;
  }

  const { service, environment } = world.settings;
  const isOurs = (request: { service?: unknown; environment?: unknown }) =>
    request.service === service && (request.environment === undefined || request.environment === environment);

  async function ask(detail: string): Promise<Answer> {
    // whatever another door has started meanwhile is not this event's
    for (let old = await fresh(); old; old = await fresh()) seen.add(old);
    const undelivered = events.undelivered().length;
    const { Entries } = await bus.send(
      new PutEventsCommand({
        Entries: [{ Source: 'a pipeline', DetailType: 'DeploymentRequested', Detail: detail }],
      }),
    );
    const { ErrorCode, ErrorMessage, EventId } = Entries?.[0] ?? {};
    if (ErrorCode === 'MalformedDetail') return { rejected: ErrorMessage, refused: true, problems: [] };
    if (!EventId) return { rejected: undefined, problems: [`refused with ${ErrorCode}`] };
    if (!(await isTaken(detail)))
      return {
        rejected: 'no rule takes the event',
        unheard: true,
        problems: isOurs(JSON.parse(detail)) ? ['the rule does not take an event of its service'] : [],
      };
    for (;;) {
      const arn = await fresh();
      if (arn) return answerOf(sfn, arn);
      if (events.undelivered().length > undelivered)
        return { rejected: events.undelivered().at(-1)?.reason, refused: true, problems: [] };
    }
  }

  let last: Promise<unknown> = Promise.resolve();
  return (text) => {
    const answer = last.then(() => ask(text));
    last = answer.catch(() => {});
    return answer;
  };
}
