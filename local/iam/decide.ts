import { holds } from './conditions';
import type { Context } from './context';
import { arnMatches, expand, wildcard } from './match';
import { listOf, type Statement } from './statements';

export type Decision = 'allow' | 'implicitDeny' | 'explicitDeny';

export interface Explanation {
  decision: Decision;
  /** The resource that decided when it is no allow, else the last one. */
  resource: string;
  /** The Allow statements without which it would be no allow: of some resource they alone matched. */
  needed: readonly Statement[];
}

function namesAction({ Action, NotAction }: Statement, action: string): boolean {
  const matches = (pattern: string) => wildcard(pattern, action, 'i');
  return Action === undefined ? !listOf(NotAction).some(matches) : listOf(Action).some(matches);
}

function namesResource({ Resource, NotResource }: Statement, resource: string, context: Context): boolean {
  const matches = (pattern: string) => {
    const expanded = expand(pattern, context);
    return expanded !== undefined && arnMatches(expanded, resource);
  };
  return Resource === undefined ? !listOf(NotResource).some(matches) : listOf(Resource).some(matches);
}

const conditionsHold = ({ Condition = {} }: Statement, context: Context) =>
  Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, key, listOf(wanted), context)),
  );

const applies = (statement: Statement, action: string, resource: string, context: Context) =>
  namesAction(statement, action) &&
  namesResource(statement, resource, context) &&
  conditionsHold(statement, context);

function explainOne(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: Context,
): Explanation {
  const matching = statements.filter((statement) => applies(statement, action, resource, context));
  const allowing = matching.filter(({ Effect }) => Effect === 'Allow');
  if (allowing.length < matching.length) return { decision: 'explicitDeny', resource, needed: [] };
  const needed = allowing.length === 1 ? allowing : [];
  return { decision: allowing.length > 0 ? 'allow' : 'implicitDeny', resource, needed };
}

const lowerCaseKeys = (context: Context): Context =>
  Object.fromEntries(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));

/**
 * Decides one action on all the resources it touches: every one must be allowed, and one explicit deny outweighs
 * everything. An action without resources is judged on `*`, which only the resource `*` allows. `contextOf` says what
 * is known of one resource only, its tags.
 */
export function explain(
  statements: readonly Statement[],
  action: string,
  resources: readonly string[],
  context: Context = {},
  contextOf: (resource: string) => Context = () => ({}),
): Explanation {
  const touched = resources.length > 0 ? resources : ['*'];
  const explanations = touched.map((resource) =>
    explainOne(statements, action, resource, lowerCaseKeys({ ...context, ...contextOf(resource) })),
  );
  const denied =
    explanations.find(({ decision }) => decision === 'explicitDeny') ??
    explanations.find(({ decision }) => decision === 'implicitDeny');
  const [last] = explanations.slice(-1) as [Explanation];
  return denied ?? { ...last, needed: explanations.flatMap(({ needed }) => needed) };
}

/** The decision alone: `decide(statements, 'rds:CreateDBSnapshot', ['arn:aws:rds:...'], { 'ecs:cluster': '...' })`. */
export function decide(
  statements: readonly Statement[],
  action: string,
  resources: readonly string[],
  context: Context = {},
): Decision {
  return explain(statements, action, resources, context).decision;
}
