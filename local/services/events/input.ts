import type { InputTransformer } from '@aws-sdk/client-eventbridge';

/** An event as rules and targets see it. */
export interface BusEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}

/** What a target wants instead of the whole event. */
export interface TargetInput {
  Input?: string;
  InputPath?: string;
  InputTransformer?: InputTransformer;
}

/** `$.detail.items[0].name`; undefined where nothing is. */
function at(path: string, event: unknown): unknown {
  if (!/^\$([.][\w-]+|\[\d+\]|\['[^']+'\])*$/.test(path))
    throw new Error(`${path} is no path that EventBridge takes; write it as $.detail.name`);
  const steps = (path.slice(1).match(/'[^']+'|[\w-]+/g) ?? []).map((step) => step.replaceAll("'", ''));
  // biome-ignore lint/suspicious/noExplicitAny: an event's detail has any shape
  return steps.reduce<any>((value, step) => value?.[step], event);
}

/** Puts values for `<name>`: inside quotes as text, outside as JSON. */
function fill(template: string, lookUp: (name: string) => unknown): string {
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/g, (token, name?: string) => {
    if (token === '"') quoted = !quoted;
    if (name === undefined) return token;
    const value = lookUp(name) ?? '';
    if (!quoted) return JSON.stringify(value);
    return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
  });
}

function transform(
  { InputPathsMap = {}, InputTemplate }: InputTransformer,
  event: BusEvent,
  rule: { name: string; arn: string },
): string {
  const predefined: Record<string, unknown> = {
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': event.time,
    'aws.events.event': event,
    'aws.events.event.json': event,
  };
  const filled = fill(InputTemplate!, (name) =>
    name in predefined
      ? predefined[name]
      : InputPathsMap[name] === undefined
        ? undefined
        : at(InputPathsMap[name], event),
  );
  try {
    return JSON.stringify(JSON.parse(filled));
  } catch {
    // A template need not be JSON: several lines of text are allowed, and arrive as one string.
    return JSON.stringify(filled);
  }
}

/** The JSON text a target receives for an event. Throws an Error for a path it cannot read. */
export function inputFor(target: TargetInput, event: BusEvent, rule: { name: string; arn: string }): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(at(target.InputPath, event) ?? null);
  if (target.InputTransformer) return transform(target.InputTransformer, event, rule);
  return JSON.stringify(event);
}
