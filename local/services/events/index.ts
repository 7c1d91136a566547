import { randomUUID } from 'node:crypto';
import type { EventBridge, PutEventsRequestEntry, Target } from '@aws-sdk/client-eventbridge';
import type { Clock } from '../../clock';
import { inApiLetters } from '../../ecs-target';
import { readJson } from '../../json';
import { ACCOUNT, arn, REGION } from '../../names';
import { remember } from '../../newest';
import type { Emit, Operations, ResourceMaker, Service } from '../../service';
import { Delivery, type Receivers, type Undelivered } from './delivery';
import type { BusEvent } from './input';
import { page } from './page';
import { checkTarget, DEFAULT_BUS, invalid, patternOf, putTargets, type Rule, Rules } from './rules';

export type { BusEvent } from './input';

export interface EventsOptions extends Receivers {
  clock: Clock;
}
export interface Events extends Service {
  /** Puts an event of an AWS service on the default bus. */
  emit: Emit;
  /** The newest events of all buses, oldest first, at most 1,000. */
  recent(): readonly BusEvent[];
  /** Deliveries that failed, oldest first, at most 1,000; each is tried once. */
  undelivered(): readonly Undelivered[];
}

/** Bytes of all entries of a request (EventBridge, 1 MB since January 2026; its API models still say 256 KB). */
const LARGEST_REQUEST = 1_048_576;
/** A time counts so many bytes, whatever it is (EventBridge user guide, "Calculating PutEvents event entry size"). */
const TIME_BYTES = 14;

const sizeOf = ({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: PutEventsRequestEntry) =>
  (Time ? TIME_BYTES : 0) + Buffer.byteLength([Source, DetailType, Detail, ...Resources].join(''));

function checkSize(entries: readonly PutEventsRequestEntry[]): void {
  const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size > LARGEST_REQUEST) throw invalid('Total size of the entries in the request is over the limit.');
}

/** A bus is named, or given by its ARN. */
const busName = (name = DEFAULT_BUS) => name.replace(/^arn:.*:event-bus\//, '');

/** What is wrong with an entry of PutEvents, in its own error codes; undefined when nothing is. */
function fault({ Source, DetailType, Detail }: PutEventsRequestEntry): [string, string] | undefined {
  for (const [name, value] of Object.entries({ Source, DetailType, Detail }))
    if (!value)
      return ['InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`];
  if (Source!.startsWith('aws.'))
    return ['NotAuthorizedForSourceException', `Not authorized for the source ${Source}.`];
  try {
    const detail = readJson(Detail!);
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return undefined;
  } catch {
    // Said below: the detail is no JSON at all, or none that could be handed on.
  }
  return ['MalformedDetail', 'Detail is malformed.'];
}

function parsedEvent(text: string): unknown {
  try {
    const event = JSON.parse(text);
    if (typeof event === 'object' && event !== null && !Array.isArray(event)) return event;
  } catch {
    // Said below.
  }
  throw invalid('Parameter Event is not valid.');
}

/** EventBridge: buses, rules with event patterns or schedules, and targets of Step Functions, Lambda, SNS and Amazon ECS. */
export function createEvents({ clock, ...receivers }: EventsOptions): Events {
  const events: BusEvent[] = [];
  const delivery = new Delivery(receivers);
  const rules = new Rules(clock, scheduled);

  const eventOf = (
    source: string,
    detailType: string,
    detail: Record<string, unknown>,
    resources: string[] = [],
    time = new Date(clock.now()),
  ) => ({
    version: '0' as const,
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: ACCOUNT,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources,
    detail,
  });

  function put(bus: string, event: BusEvent): string {
    if (!rules.buses.has(bus)) return event.id;
    remember(events, event);
    for (const rule of rules.of(bus)) if (rule.enabled && rule.matches(event)) delivery.deliver(rule, event);
    return event.id;
  }

  function scheduled(rule: Rule): void {
    const event = eventOf('aws.events', 'Scheduled Event', {}, [rule.arn]);
    remember(events, event);
    delivery.deliver(rule, event);
  }

  const shown = (rule: Rule) => ({
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.eventPattern,
    ScheduleExpression: rule.scheduleExpression,
    State: rule.enabled ? ('ENABLED' as const) : ('DISABLED' as const),
    Description: rule.description,
    EventBusName: rule.bus,
  });

  const operations: Operations<EventBridge> = {
    PutEvents: ({ Entries = [] }) => {
      checkSize(Entries);
      const results = Entries.map((entry) => {
        const [ErrorCode, ErrorMessage] = fault(entry) ?? [];
        if (ErrorCode) return { ErrorCode, ErrorMessage };
        const { Source, DetailType, Detail, Resources, Time } = entry;
        const event = eventOf(Source!, DetailType!, JSON.parse(Detail!), Resources, Time);
        // an event for a bus that there is not gets an id as well, and nobody ever sees it
        return { EventId: put(busName(entry.EventBusName), event) };
      });
      return { Entries: results, FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length };
    },
    PutRule: ({ Name, EventBusName, EventPattern, ScheduleExpression, State, Description }) => ({
      RuleArn: rules.put({
        name: Name!,
        bus: busName(EventBusName),
        description: Description,
        eventPattern: EventPattern,
        scheduleExpression: ScheduleExpression,
        enabled: State !== 'DISABLED',
      }).arn,
    }),
    DescribeRule: ({ Name, EventBusName }) => shown(rules.get(Name!, busName(EventBusName))),
    ListRules: ({ NamePrefix = '', EventBusName, ...wanted }) => {
      const found = rules.listed(busName(EventBusName)).filter(({ name }) => name.startsWith(NamePrefix));
      const { items, NextToken } = page(found, wanted);
      return { Rules: items.map(shown), NextToken };
    },
    EnableRule: ({ Name, EventBusName }) => {
      rules.enable(rules.get(Name!, busName(EventBusName)), true);
      return {};
    },
    DisableRule: ({ Name, EventBusName }) => {
      rules.enable(rules.get(Name!, busName(EventBusName)), false);
      return {};
    },
    DeleteRule: ({ Name, EventBusName }) => {
      rules.delete(rules.get(Name!, busName(EventBusName)));
      return {};
    },
    PutTargets: ({ Rule: name, EventBusName, Targets = [] }) => {
      putTargets(rules.get(name!, busName(EventBusName)), Targets);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets: ({ Rule: name, EventBusName, Ids = [] }) => {
      const { targets } = rules.get(name!, busName(EventBusName));
      for (const id of Ids) targets.delete(id);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule: ({ Rule: name, EventBusName, ...wanted }) => {
      const { targets } = rules.get(name!, busName(EventBusName));
      const { items, NextToken } = page([...targets.values()], wanted);
      return { Targets: items, NextToken };
    },
    TestEventPattern: ({ EventPattern, Event }) => ({
      Result: patternOf(EventPattern!)(parsedEvent(Event!)),
    }),
    ListEventBuses: ({ NamePrefix = '', ...wanted }) => {
      const found = [...rules.buses].filter((name) => name.startsWith(NamePrefix));
      const { items, NextToken } = page(found, wanted);
      const EventBuses = items.map((Name) => ({ Name, Arn: arn('events', `event-bus/${Name}`) }));
      return { EventBuses, NextToken };
    },
  };

  const declareRule: ResourceMaker = (properties, { name }) => {
    const targets: Target[] = (properties.Targets ?? []).map(inApiLetters);
    for (const target of targets) checkTarget(target);
    const rule = rules.put({
      name: properties.Name ?? name,
      bus: busName(properties.EventBusName),
      description: properties.Description,
      eventPattern: properties.EventPattern && JSON.stringify(properties.EventPattern),
      scheduleExpression: properties.ScheduleExpression,
      enabled: properties.State !== 'DISABLED',
    });
    rule.targets.clear();
    putTargets(rule, targets);
    return { ref: rule.name, attributes: { Arn: rule.arn } };
  };

  return {
    signingName: 'events',
    operations,
    resources: {
      'AWS::Events::Rule': declareRule,
      'AWS::Events::EventBus': ({ Name }) => {
        if (rules.buses.has(Name)) throw invalid(`Event bus ${Name} already exists.`);
        rules.buses.add(Name);
        return { ref: Name, attributes: { Arn: arn('events', `event-bus/${Name}`), Name } };
      },
    },
    updates: { 'AWS::Events::Rule': declareRule },
    removals: {
      'AWS::Events::EventBus': (ref) => void rules.buses.delete(ref),
      'AWS::Events::Rule': (ref) => {
        const rule = rules.get(ref);
        rule.targets.clear();
        rules.delete(rule);
      },
    },
    emit: ({ source, detailType, detail, resources }) => {
      put(DEFAULT_BUS, eventOf(source, detailType, detail, resources));
    },
    recent: () => events,
    undelivered: () => delivery.undelivered,
    close: async () => rules.close(),
  };
}
