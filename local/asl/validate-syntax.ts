import { runtimeFault, StatesError } from './errors';
import { parseIntrinsic } from './intrinsic-grammar';
import { expressionProblem, isExpression, statesFields } from './jsonata';
import { referenceSteps } from './jsonpath';

/** Tells one problem of a state; `field` is the field's path within the state. */
export type Report = (field: string, problem: string) => void;

/** What a field of a JSONata state may ask `$states` for beside `input` and `context`. */
export type Stage = 'result' | 'errorOutput';

/**
 * Checks every `"{% … %}"` in a JSONata field. `$states.result` and `$states.errorOutput` are only there where a state
 * has a result or an error (Step Functions guide, "Passing data between states with variables").
 */
export function checkExpressions(value: unknown, field: string, report: Report, stage?: Stage): void {
  if (isExpression(value)) {
    const problem = expressionProblem(value);
    if (problem !== undefined) report(field, `is not valid JSONata: ${problem}`);
    const asked = statesFields(value);
    for (const name of ['result', 'errorOutput'] as const) {
      if (asked.has(name) && name !== stage) report(field, `$states.${name} is not accessible here`);
    }
  } else if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value))
      checkExpressions(inner, `${field}/${key}`, report, stage);
  }
}

/** Checks every `name.$` in a payload template. */
export function checkTemplate(value: unknown, field: string, report: Report): void {
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    const place = `${field}/${key}`;
    if (!key.endsWith('.$')) checkTemplate(inner, place, report);
    else if (typeof inner === 'string') checkPathOrCall(inner, place, report);
    else report(place, 'must be a string with a path or an intrinsic function call');
  }
}

export function checkPathOrCall(text: string, field: string, report: Report): void {
  if (text.startsWith('$')) checkPath(text, field, report);
  else
    checkSyntax(
      () => parseIntrinsic(text),
      'is neither a path nor an intrinsic function call',
      field,
      report,
    );
}

export function checkPath(value: unknown, field: string, report: Report): void {
  checkSyntax(() => referenceSteps(String(value)), 'is not a path', field, report);
}

function checkSyntax(parse: () => unknown, problem: string, field: string, report: Report): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof StatesError)) throw error;
    report(field, `${problem}: ${error.causeText}`);
  }
}

/** ResultPath names one place of the state's own input. */
export function checkReferencePath(value: unknown, field: string, report: Report): void {
  if (value === null) return;
  const isInput = typeof value === 'string' && /^\$($|[.[])/.test(value);
  checkSyntax(
    () => {
      if (!isInput || !referenceSteps(value)) throw runtimeFault('it must name one place of the input');
    },
    'is not a reference path',
    field,
    report,
  );
}
