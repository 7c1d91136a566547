/** What the API model says of one member beside its type: lengths of texts, lists and maps, or the values of numbers. */
export interface Limits {
  min?: number;
  max?: number;
  /** Of the whole text, in Java's notation. */
  pattern?: string;
  enum?: readonly string[];
  /** Whether the value must not be repeated in an error. */
  sensitive?: true;
}

/**
 * By operation and path: members' names joined with dots, `*` for the items of a list, `%key` and `%value` for those of
 * a map. Written by test/local/endpoint/write-constraints.ts from the API models that botocore publishes.
 */
export type Constraints = Readonly<Record<string, Readonly<Record<string, Limits>>>>;

/** Imported on demand, as the services' clients are. DynamoDB and S3 check their input themselves. */
const MODELS: Record<string, () => Promise<{ default: object }>> = {
  'application-autoscaling': () => import('./application-autoscaling.json'),
  cloudformation: () => import('./cloudformation.json'),
  ecr: () => import('./ecr.json'),
  ecs: () => import('./ecs.json'),
  elasticloadbalancing: () => import('./elasticloadbalancing.json'),
  events: () => import('./events.json'),
  lambda: () => import('./lambda.json'),
  logs: () => import('./logs.json'),
  monitoring: () => import('./monitoring.json'),
  rds: () => import('./rds.json'),
  scheduler: () => import('./scheduler.json'),
  secretsmanager: () => import('./secretsmanager.json'),
  sns: () => import('./sns.json'),
  ssm: () => import('./ssm.json'),
  states: () => import('./states.json'),
  sts: () => import('./sts.json'),
};

export const constrained: readonly string[] = Object.keys(MODELS);

/** Tells one value that breaks a constraint, in AWS's words. */
export type Report = (problem: string) => void;
export type Check = (input: object, report: Report) => void;

/** The checks of a service's operations by their names; none for an operation without constraints. */
export async function checksOf(signingName: string): Promise<ReadonlyMap<string, Check>> {
  const load = MODELS[signingName];
  const model = load ? ((await load()).default as Constraints) : {};
  return new Map(Object.entries(model).map(([operation, paths]) => [operation, checkOf(paths)]));
}

/** Read from a model when it is first used: most operations of a service are never called. */
function checkOf(paths: Constraints[string]): Check {
  let root: Node | undefined;
  return (input, report) => {
    root ??= treeOf(paths);
    visit(root, input, [], report);
  };
}

interface Node {
  limits?: Limits;
  rules: Rule[];
  inner: Map<string, Node>;
}

const newNode = (): Node => ({ rules: [], inner: new Map() });

function treeOf(paths: Constraints[string]): Node {
  const root = newNode();
  for (const [path, limits] of Object.entries(paths)) {
    let node = root;
    for (const name of path.split('.')) {
      const inner = node.inner.get(name) ?? newNode();
      node.inner.set(name, inner);
      node = inner;
    }
    node.limits = limits;
    node.rules = rulesOf(limits);
  }
  return root;
}

interface Rule {
  text: string;
  holds: (value: unknown) => boolean;
}

function rulesOf({ min, max, pattern, enum: values }: Limits): Rule[] {
  const rules: Rule[] = [];
  if (max !== undefined) rules.push(bound('less than or equal to', max, (size) => size <= max));
  if (min !== undefined) rules.push(bound('greater than or equal to', min, (size) => size >= min));
  if (pattern !== undefined) {
    const whole = patternOf(pattern);
    rules.push({
      text: `Member must satisfy regular expression pattern: ${pattern}`,
      holds: (value) => typeof value !== 'string' || whole.test(value),
    });
  }
  if (values !== undefined) {
    rules.push({
      text: `Member must satisfy enum value set: [${values.join(', ')}]`,
      holds: (value) => values.includes(String(value)),
    });
  }
  return rules;
}

function bound(relation: string, limit: number, holds: (size: number) => boolean): Rule {
  return { text: `Member must have length ${relation} ${limit}`, holds: (value) => holds(sizeOf(value)) };
}

function sizeOf(value: unknown): number {
  if (isNumber(value)) return Number(value);
  if (typeof value === 'string' || value instanceof Uint8Array || Array.isArray(value)) return value.length;
  return Object.keys(value as object).length;
}

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/**
 * A pattern in JavaScript's notation, which in its Unicode mode knows no escapes of characters that need none, and outside of
 * it no ranges of characters beyond 16 bits. Java's `\p{Print}` is none of Unicode's properties.
 */
export function patternOf(pattern: string): RegExp {
  const whole = `^(?:${pattern.replaceAll('\\p{Print}', '[ -~]')})$`;
  return /\\p\{|\\uD800/.test(whole) ? new RegExp(whole, 'u') : new RegExp(whole);
}

function visit(
  { limits, rules, inner }: Node,
  value: unknown,
  path: readonly string[],
  report: Report,
): void {
  if (value === undefined || value === null) return;
  if (limits) {
    for (const { text, holds } of rules) {
      const worded = isNumber(value) ? text.replace('have length', 'have value') : text;
      if (!holds(value)) report(problem(limits, value, path, worded));
    }
  }
  if (inner.size === 0 || typeof value !== 'object') return;
  if (Array.isArray(value)) visitItems(inner.get('*'), value, path, report);
  else visitFields(inner, value as Record<string, unknown>, path, report);
}

function visitItems(node: Node | undefined, items: unknown[], path: readonly string[], report: Report): void {
  if (!node) return;
  if (node.inner.size === 0) visitValues(node, items, items, path, report, 'Member');
  else
    for (const [index, item] of items.entries())
      visit(node, item, [...path, String(index + 1), 'member'], report);
}

function visitFields(
  inner: ReadonlyMap<string, Node>,
  fields: Record<string, unknown>,
  path: readonly string[],
  report: Report,
): void {
  for (const [name, node] of inner) {
    if (name === '%key') visitValues(node, Object.keys(fields), fields, path, report, 'Map keys');
    else if (name === '%value') visitValues(node, Object.values(fields), fields, path, report, 'Map value');
    else visit(node, fields[name], [...path, name], report);
  }
}

/** AWS names the whole list or map, and all that its simple values must satisfy. */
function visitValues(
  { limits = {}, rules }: Node,
  values: readonly unknown[],
  whole: unknown,
  path: readonly string[],
  report: Report,
  subject: string,
): void {
  if (values.every((value) => rules.every(({ holds }) => holds(value)))) return;
  const texts = rules.map(({ text }) => text).join(', ');
  report(problem(limits, whole, path, `${subject} must satisfy constraint: [${texts}]`));
}

function problem({ sensitive }: Limits, value: unknown, path: readonly string[], text: string): string {
  const shown = sensitive ? undefined : shownValue(value);
  return `Value ${shown === undefined ? '' : `'${shown}' `}at '${pathText(path)}' failed to satisfy constraint: ${text}`;
}

/** The members' names as AWS's errors write them, with a small first letter. */
export const pathText = (path: readonly string[]) =>
  path.map((name) => name[0]!.toLowerCase() + name.slice(1)).join('.');

/** Structures are not repeated: AWS shows the address of a Java object. */
function shownValue(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    return value.every((item) => typeof item !== 'object') ? `[${value.join(', ')}]` : undefined;
  }
  return typeof value === 'object' ? undefined : String(value);
}
