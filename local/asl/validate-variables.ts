import type { Branch, State } from './definition';
import type { Report } from './validate-syntax';

const LONGEST_NAME = 80;
const NAME = /^\p{ID_Start}\p{ID_Continue}*$/u;

/** One `Assign` of a state: its own, or that of a rule or catcher. */
interface Assignment {
  field: string;
  names: string[];
}

/** The variables that the states of a scope assign, not those inside its branches and processors. */
export function variablesOf({ States }: Branch): Set<string> {
  return new Set(Object.values(States).flatMap((state) => assignments(state).flatMap(({ names }) => names)));
}

/**
 * Checks the names that a state assigns. A scope reads the variables of those around it and cannot assign them: a name
 * assigned anywhere outside, before or after, is refused here (Step Functions guide, "Passing data between states with
 * variables").
 */
export function checkAssigned(state: State, outer: ReadonlySet<string>, report: Report): void {
  for (const { field, names } of assignments(state)) {
    for (const name of names) {
      const place = `${field}/${name}`;
      if (name === 'states') report(place, 'is the name of the reserved variable');
      else if (!NAME.test(name) || name.length > LONGEST_NAME) {
        report(place, `is not a variable name: an identifier of at most ${LONGEST_NAME} characters`);
      } else if (outer.has(name)) {
        report(
          place,
          `the variable '${name}' is assigned in an outer scope and cannot be assigned in this one`,
        );
      }
    }
  }
}

function assignments(state: State | null): Assignment[] {
  const parts = [
    { field: 'Assign', part: state },
    ...listed(state?.Choices, 'Choices'),
    ...listed(state?.Catch, 'Catch'),
  ];
  return parts.flatMap(({ field, part }) => {
    const assign = (part as State | null)?.Assign;
    return isRecord(assign) ? { field, names: Object.keys(assign).map(withoutPath) } : [];
  });
}

const listed = (list: unknown, field: string) =>
  Array.isArray(list) ? list.map((part, index) => ({ field: `${field}[${index}]/Assign`, part })) : [];

/** In JSONPath states `name.$` assigns what a path selects to `name`. */
const withoutPath = (field: string) => field.replace(/\.\$$/, '');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
