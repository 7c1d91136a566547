import { isConditionOperator, isKnownKey } from './conditions';
import { isArn } from './match';

type OneOrMore<T> = T | readonly T[];

/** A statement of an identity policy, as in the policy document. */
export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action?: OneOrMore<string>;
  NotAction?: OneOrMore<string>;
  Resource?: OneOrMore<string>;
  NotResource?: OneOrMore<string>;
  /** Operator → condition key → wanted values. */
  Condition?: Record<string, Record<string, OneOrMore<string | number | boolean>>>;
}

export const listOf = <T>(value: OneOrMore<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

const exactlyOne = (a: unknown, b: unknown) => (a === undefined) !== (b === undefined);

function problemOf(statement: Statement): string | undefined {
  const { Effect, Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') return `its Effect is ${JSON.stringify(Effect)}`;
  if (!exactlyOne(Action, NotAction)) return 'it needs either Action or NotAction';
  if (!exactlyOne(Resource, NotResource)) return 'it needs either Resource or NotResource';
  const odd = [...listOf(Resource), ...listOf(NotResource)].find((r) => r !== '*' && !isArn(String(r)));
  if (odd !== undefined) return `its resource ${JSON.stringify(odd)} is neither an ARN nor "*"`;
  if ('Principal' in statement) return 'an identity policy has no Principal';
  for (const [operator, wanted] of Object.entries(Condition)) {
    if (!isConditionOperator(operator)) return `the local cloud does not evaluate the operator ${operator}`;
    const unknown = Object.keys(wanted).find((key) => !isKnownKey(key));
    if (unknown) return `the local cloud does not know the condition key ${unknown}`;
  }
  return undefined;
}

/**
 * The statements of a resolved policy document.
 * @throws Error naming `owner` and the statement that is malformed or that cannot be evaluated here: a condition
 * that is skipped would grant or refuse something else than AWS does
 */
export function statementsIn(document: { Statement?: OneOrMore<Statement> }, owner: string): Statement[] {
  return listOf(document?.Statement).map((statement, index) => {
    const problem = problemOf(statement);
    if (problem) throw new Error(`${owner}: statement ${statement.Sid ?? index} is refused: ${problem}`);
    return statement;
  });
}
