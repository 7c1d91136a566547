import { isOperator, operatorOf } from './choice';
import type { Catcher, ChoiceRule, Retrier, State } from './definition';
import { checkExpressions, checkPath, type Report } from './validate-syntax';

const RETRIER_FIELDS = new Set([
  ...['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy'],
  'Comment',
]);
const CATCHER_FIELDS = new Set(['ErrorEquals', 'Next', 'ResultPath', 'Output', 'Assign', 'Comment']);

/** Checks Retry and Catch: known fields, numbers in range, and States.ALL alone and last. */
export function checkErrorHandling(state: State, report: Report): void {
  for (const [index, retrier] of entries(state.Retry, 'Retry', report)) {
    const place = `Retry[${index}]`;
    checkFields(retrier, RETRIER_FIELDS, place, report);
    checkErrorEquals(retrier, index === state.Retry!.length - 1, place, report);
    checkRetrier(retrier, place, report);
  }
  for (const [index, catcher] of entries(state.Catch, 'Catch', report)) {
    const place = `Catch[${index}]`;
    checkFields(catcher, CATCHER_FIELDS, place, report);
    checkErrorEquals(catcher, index === state.Catch!.length - 1, place, report);
  }
}

function entries<Item>(list: Item[] | undefined, field: string, report: Report): [number, Item][] {
  if (list === undefined) return [];
  if (Array.isArray(list) && list.every(isRecord)) return [...list.entries()];
  report(field, 'must be an array of objects');
  return [];
}

function checkFields(value: object, known: ReadonlySet<string>, place: string, report: Report): void {
  for (const field of Object.keys(value))
    if (!known.has(field)) report(`${place}/${field}`, 'is not a known field');
}

function checkErrorEquals(
  { ErrorEquals }: Retrier | Catcher,
  isLast: boolean,
  place: string,
  report: Report,
) {
  const field = `${place}/ErrorEquals`;
  if (!Array.isArray(ErrorEquals) || ErrorEquals.length === 0)
    return report(field, 'must name at least one error');
  if (!ErrorEquals.includes('States.ALL')) return;
  if (ErrorEquals.length > 1) report(field, 'States.ALL must stand alone');
  if (!isLast) report(field, 'States.ALL must come last');
}

function checkRetrier(retrier: Retrier, place: string, report: Report): void {
  const atLeast = (field: keyof Retrier, least: number, isInteger: boolean) => {
    const value = retrier[field];
    const isFit = typeof value === 'number' && value >= least && (!isInteger || Number.isInteger(value));
    if (value !== undefined && !isFit) {
      report(`${place}/${field}`, `must be ${isInteger ? 'an integer' : 'a number'} of at least ${least}`);
    }
  };
  atLeast('IntervalSeconds', 1, true);
  atLeast('MaxAttempts', 0, true);
  atLeast('BackoffRate', 1, false);
  atLeast('MaxDelaySeconds', 1, true);
  if (![undefined, 'FULL', 'NONE'].includes(retrier.JitterStrategy)) {
    report(`${place}/JitterStrategy`, 'must be FULL or NONE');
  }
}

/** Checks the rules of a Choice state in its query language. */
export function checkChoices(state: State, usesJsonata: boolean, report: Report): void {
  if (!Array.isArray(state.Choices) || state.Choices.length === 0 || !state.Choices.every(isRecord)) {
    report('Choices', 'must have at least one rule');
    return;
  }
  for (const [index, rule] of state.Choices.entries()) {
    const place = `Choices[${index}]`;
    if (rule.Next === undefined) report(`${place}/Next`, 'is missing');
    if (!usesJsonata) checkComparison(rule, place, report);
    else if (rule.Condition === undefined) report(`${place}/Condition`, 'is missing');
    else checkExpressions(rule, place, report);
  }
}

function checkComparison(rule: ChoiceRule, place: string, report: Report): void {
  const parts: unknown = rule.And ?? rule.Or ?? (rule.Not && [rule.Not]);
  if (parts !== undefined) {
    if (!Array.isArray(parts) || !parts.every(isRecord)) {
      report(place, 'And and Or take an array of rules, Not takes a rule');
      return;
    }
    for (const [index, part] of parts.entries())
      checkComparison(part as ChoiceRule, `${place}/${index}`, report);
    return;
  }
  checkPath(rule.Variable, `${place}/Variable`, report);
  const operator = operatorOf(rule);
  if (operator === undefined) report(place, 'has no comparison operator');
  else if (!isOperator(operator)) report(`${place}/${operator}`, 'is not a comparison operator');
}

const isRecord = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
