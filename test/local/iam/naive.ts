import type { Decision, Statement } from '../../../local/iam';

/**
 * The semantics of identity policies a second time, written from the documentation and as plainly as possible:
 * no regular expressions, one loop per rule. The evaluator must agree with it.
 */
type Context = Record<string, string | string[]>;

function fits(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') {
    for (let i = 0; i <= text.length; i++) if (fits(pattern.slice(1), text.slice(i))) return true;
    return false;
  }
  return (
    text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && fits(pattern.slice(1), text.slice(1))
  );
}

function arnFits(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  for (let segment = 0; segment < 5; segment++) {
    const [end, arnEnd] = [pattern.indexOf(':'), arn.indexOf(':')];
    if (end < 0 || arnEnd < 0 || !fits(pattern.slice(0, end), arn.slice(0, arnEnd))) return false;
    pattern = pattern.slice(end + 1);
    arn = arn.slice(arnEnd + 1);
  }
  return fits(pattern, arn);
}

const all = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

function compare(operator: string, wanted: string, actual: string): boolean {
  if (operator === 'StringEquals') return wanted === actual;
  if (operator === 'StringLike') return fits(wanted, actual);
  if (operator === 'ArnLike') return arnFits(wanted, actual);
  if (operator === 'NumericLessThan') return Number(actual) < Number(wanted);
  throw new Error(operator);
}

function conditionHolds(operator: string, key: string, wanted: string[], context: Context): boolean {
  const present = Object.keys(context).includes(key);
  const values = present ? all(context[key]) : [];
  if (operator === 'Null') return (wanted[0] === 'true') === !present;
  let [set, name] = operator.includes(':') ? operator.split(':') : ['', operator];
  if (name!.endsWith('IfExists')) {
    if (!present) return true;
    name = name!.slice(0, -'IfExists'.length);
  }
  const negated = name!.includes('Not');
  name = name!.replace('Not', '');
  if (!present) return set === 'ForAllValues' || (set === '' && negated);
  const verdicts: boolean[] = [];
  for (const value of values) {
    let found = false;
    for (const candidate of wanted) if (compare(name, candidate, value)) found = true;
    verdicts.push(negated ? !found : found);
  }
  return set === 'ForAnyValue' ? verdicts.includes(true) : !verdicts.includes(false);
}

function covers(statement: Statement, action: string, resource: string, context: Context): boolean {
  let actionNamed = false;
  for (const pattern of all(statement.Action ?? statement.NotAction)) {
    if (fits(pattern.toLowerCase(), action.toLowerCase())) actionNamed = true;
  }
  if (actionNamed !== (statement.Action !== undefined)) return false;
  let resourceNamed = false;
  for (const pattern of all(statement.Resource ?? statement.NotResource)) {
    if (arnFits(pattern, resource)) resourceNamed = true;
  }
  if (resourceNamed !== (statement.Resource !== undefined)) return false;
  for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
    for (const [key, wanted] of Object.entries(keys)) {
      if (!conditionHolds(operator, key, all(wanted), context)) return false;
    }
  }
  return true;
}

export function naiveDecision(
  statements: Statement[],
  action: string,
  resources: string[],
  context: Context,
): Decision {
  let allowedAll = true;
  for (const resource of resources) {
    let allowed = false;
    for (const statement of statements) {
      if (!covers(statement, action, resource, context)) continue;
      if (statement.Effect === 'Deny') return 'explicitDeny';
      allowed = true;
    }
    if (!allowed) allowedAll = false;
  }
  return allowedAll ? 'allow' : 'implicitDeny';
}
