import { joined } from './leaves';
import { PatternError, refuse } from './refuse';
import { type Term, termOf } from './terms';

/** What each path must hold: one of its terms. A pattern is several rules where it has `$or`. */
export type Rule = Map<string, readonly Term[]>;

const OR = '$or';

/** Not names of fields inside `$or`: operators, and what the matcher keeps for later ones. */
const RESERVED_IN_OR = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric'],
  ...['cidr', '=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case', 'date-after'],
  ...['date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range', 'ip-address-in-range'],
  'ip-address-not-in-range',
]);

/** EventBridge user guide, "Or matching": the combinations of all `$or` of a pattern. */
const MAX_RULES = 1000;

/**
 * The rules of a pattern; throws a PatternError for what is none. Where `$or` cannot be read as alternatives it is the
 * name of a field, as in patterns from before `$or` had a meaning.
 */
export function rulesOf(pattern: unknown): Rule[] {
  if (!isObject(pattern)) refuse('Filter is not an object');
  try {
    return withFields([new Map()], pattern, { isInOr: false, knowsOr: true });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    try {
      return withFields([new Map()], pattern, { isInOr: false, knowsOr: false });
    } catch {
      throw error;
    }
  }
}

/** Where in a pattern something stands. */
interface Place {
  path?: string;
  isInOr: boolean;
  /** Whether `$or` means alternatives. */
  knowsOr: boolean;
}

/** Every rule with the fields of an object added; a path that is given again replaces what it had. */
function withFields(rules: Rule[], fields: Record<string, unknown>, place: Place): Rule[] {
  const entries = Object.entries(fields);
  if (entries.length === 0) refuse('Empty objects are not allowed');
  let current = rules;
  for (const [name, content] of entries) {
    const path = joined(place.path, name);
    if (name === OR && place.knowsOr) current = withAlternatives(current, content, place);
    else if (place.isInOr && RESERVED_IN_OR.has(name)) {
      refuse(`${name} is Ruler reserved fieldName which cannot be used inside ${OR}.`);
    } else if (isObject(content)) current = withFields(current, content, { ...place, path });
    else if (Array.isArray(content)) {
      const terms = termsOf(content);
      current = current.map((rule) => new Map(rule).set(path, terms));
    } else refuse(`"${name}" must be an object or an array`);
  }
  return current;
}

function withAlternatives(rules: Rule[], alternatives: unknown, place: Place): Rule[] {
  if (!Array.isArray(alternatives)) refuse(`It must be an Array followed with ${OR}.`);
  const made: Rule[] = [];
  for (const alternative of alternatives) {
    if (!isObject(alternative)) refuse(`Only JSON object is allowed in array of ${OR} relationship.`);
    made.push(...withFields(rules, alternative, { ...place, isInOr: true }));
    if (made.length > MAX_RULES) refuse(`More than ${MAX_RULES} combinations of ${OR} are not allowed`);
  }
  if (alternatives.length < 2) refuse(`There must have at least 2 Objects in ${OR} relationship.`);
  return made;
}

function termsOf(values: readonly unknown[]): Term[] {
  if (values.length === 0) refuse('Empty arrays are not allowed');
  return values.map(termOf);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
