import {
  EventBridgeServiceException,
  InvalidEventPatternException,
  LimitExceededException,
  ResourceNotFoundException,
  type Target,
} from '@aws-sdk/client-eventbridge';
import type { Clock } from '../../clock';
import { arn } from '../../names';
import { follow, parseSchedule } from '../../schedule';
import type { BusEvent } from './input';
import { compile, type Pattern, PatternError } from './pattern';

const $metadata = {};
export const DEFAULT_BUS = 'default';

export const invalid = (message: string) =>
  new EventBridgeServiceException({ name: 'ValidationException', $fault: 'client', message, $metadata });
const limitExceeded = () =>
  new LimitExceededException({
    message: 'The requested resource exceeds the maximum number allowed.',
    $metadata,
  });
export const missing = (message: string) => new ResourceNotFoundException({ message, $metadata });

export interface RuleSettings {
  name: string;
  bus: string;
  description?: string;
  eventPattern?: string;
  scheduleExpression?: string;
  enabled: boolean;
}
export interface Rule extends RuleSettings {
  arn: string;
  targets: Map<string, Target>;
  matches: (event: BusEvent) => boolean;
  schedule?: AbortController;
}

/** The services whose ARNs may be targets. */
const SERVED = new Set(['states', 'lambda', 'sns', 'ecs']);

/** Characters of a pattern (EventBridge quotas, "Event pattern size"); its model has twice as many, for accounts with more. */
const LONGEST_PATTERN = 2_048;
/** EventBridge quotas, "Targets per rule". */
const MOST_TARGETS = 5;

/** Refuses a target that EventBridge does not take, or that no local part could receive. */
export function checkTarget(target: Target): void {
  const { Id, Arn = '', DeadLetterConfig, RoleArn } = target;
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/.test(Arn))
    throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  const service = Arn.split(':')[2]!;
  if (!SERVED.has(service))
    throw invalid(
      `target ${Id} (${Arn}) is not served locally; use a state machine, a Lambda function, an SNS topic or an Amazon ECS task`,
    );
  if (DeadLetterConfig && !/^arn:[^:]+:sqs:[^:]+:\d+:[\w-]+$/.test(DeadLetterConfig.Arn ?? ''))
    throw invalid(
      `Parameter DeadLetterConfig of target ${Id} is not valid. Reason: it has to name a standard SQS queue.`,
    );
  if (['states', 'ecs'].includes(service) && !RoleArn)
    throw invalid(`RoleArn is required for target ${Arn}.`);
  if (service === 'ecs' && !target.EcsParameters?.TaskDefinitionArn)
    throw invalid(`EcsParameters are required for target ${Arn}.`);
  const inputs = [target.Input, target.InputPath, target.InputTransformer].filter(
    (given) => given !== undefined,
  );
  if (inputs.length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  if (target.Input !== undefined && !isJson(target.Input))
    throw invalid(`Parameter Input is not valid. Reason: JSON text in Input for target ${Id} is invalid.`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Adds targets to a rule or replaces those of the same id; checks all of them first. */
export function putTargets(rule: Rule, targets: readonly Target[]): void {
  for (const target of targets) checkTarget(target);
  const ids = new Set([...rule.targets.keys(), ...targets.map(({ Id }) => Id!)]);
  if (ids.size > MOST_TARGETS) throw limitExceeded();
  for (const target of targets) rule.targets.set(target.Id!, target);
}

/** Reads an event pattern; throws InvalidEventPatternException for what is none. */
export function patternOf(text: string): Pattern {
  try {
    return compile(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof PatternError || error instanceof SyntaxError)) throw error;
    throw new InvalidEventPatternException({
      message: `Event pattern is not valid. Reason: ${error.message}`,
      $metadata,
    });
  }
}

const ruleArn = (bus: string, name: string) =>
  arn('events', bus === DEFAULT_BUS ? `rule/${name}` : `rule/${bus}/${name}`);

/** The rules of all buses; a schedule runs as long as its rule is enabled. */
export class Rules {
  readonly buses = new Set([DEFAULT_BUS]);
  private readonly rules = new Map<string, Rule>();

  constructor(
    private readonly clock: Clock,
    private readonly onSchedule: (rule: Rule) => void,
  ) {}

  /** Creates or replaces a rule; the targets of a replaced one stay. Throws EventBridge's exceptions. */
  put(settings: RuleSettings): Rule {
    if (!settings.eventPattern && !settings.scheduleExpression)
      throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
    this.checkBus(settings.bus);
    if ((settings.eventPattern?.length ?? 0) > LONGEST_PATTERN) throw limitExceeded();
    if (settings.scheduleExpression) checkSchedule(settings);
    const ruleId = ruleArn(settings.bus, settings.name);
    const before = this.rules.get(ruleId);
    const matches = settings.eventPattern === undefined ? () => false : patternOf(settings.eventPattern);
    before?.schedule?.abort();
    const rule: Rule = { ...settings, arn: ruleId, targets: before?.targets ?? new Map(), matches };
    this.rules.set(ruleId, rule);
    this.follow(rule);
    return rule;
  }

  checkBus(bus: string): void {
    if (!this.buses.has(bus)) throw missing(`Event bus ${bus} does not exist.`);
  }

  get(name: string, bus = DEFAULT_BUS): Rule {
    this.checkBus(bus);
    const rule = this.rules.get(ruleArn(bus, name));
    if (!rule) throw missing(`Rule ${name} does not exist on EventBus ${bus}.`);
    return rule;
  }

  /** Throws ResourceNotFoundException for an unknown bus. */
  listed(bus: string): Rule[] {
    this.checkBus(bus);
    return this.of(bus);
  }

  of(bus: string): Rule[] {
    return [...this.rules.values()].filter((rule) => rule.bus === bus);
  }

  enable(rule: Rule, enabled: boolean): void {
    rule.schedule?.abort();
    rule.enabled = enabled;
    this.follow(rule);
  }

  /** A rule must have lost its targets before. */
  delete(rule: Rule): void {
    if (rule.targets.size > 0) throw invalid("Rule can't be deleted since it has targets.");
    rule.schedule?.abort();
    this.rules.delete(rule.arn);
  }

  close(): void {
    for (const { schedule } of this.rules.values()) schedule?.abort();
  }

  private follow(rule: Rule): void {
    if (!rule.scheduleExpression || !rule.enabled) return;
    rule.schedule = new AbortController();
    const schedule = parseSchedule(rule.scheduleExpression);
    void follow(this.clock, schedule, rule.schedule.signal, () => this.onSchedule(rule));
  }
}

function checkSchedule({ scheduleExpression, bus }: RuleSettings): void {
  if (bus !== DEFAULT_BUS) throw invalid('ScheduleExpression is supported only on the default event bus.');
  try {
    parseSchedule(scheduleExpression!);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}
