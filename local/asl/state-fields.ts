import type { QueryLanguage, State, StateType } from './definition';

type Fields = Record<'both' | QueryLanguage, readonly string[]>;

const FLOW = ['Next', 'End'];
const ERRORS = ['Retry', 'Catch'];
const PATHS = ['InputPath', 'OutputPath'];
const RESULT = ['ResultPath', 'ResultSelector', 'Parameters'];

/** The fields each type of state may have, in both query languages or in one only. */
const FIELDS: Record<StateType, Fields> = {
  Task: {
    both: [...FLOW, ...ERRORS, 'Assign', 'Resource', 'TimeoutSeconds', 'HeartbeatSeconds'],
    JSONPath: [...PATHS, ...RESULT, 'TimeoutSecondsPath', 'HeartbeatSecondsPath'],
    JSONata: ['Arguments', 'Output'],
  },
  Parallel: {
    both: [...FLOW, ...ERRORS, 'Assign', 'Branches'],
    JSONPath: [...PATHS, ...RESULT],
    JSONata: ['Arguments', 'Output'],
  },
  Map: {
    both: [
      ...[...FLOW, ...ERRORS, 'Assign', 'ItemProcessor', 'Iterator', 'ItemSelector', 'ItemBatcher', 'Label'],
      ...['MaxConcurrency', 'ToleratedFailureCount', 'ToleratedFailurePercentage'],
    ],
    JSONPath: [
      ...[...PATHS, ...RESULT, 'ItemsPath', 'MaxConcurrencyPath'],
      ...['ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'],
    ],
    JSONata: ['Items', 'Output'],
  },
  Pass: {
    both: [...FLOW, 'Assign'],
    JSONPath: [...PATHS, 'ResultPath', 'Parameters', 'Result'],
    JSONata: ['Output'],
  },
  Wait: {
    both: [...FLOW, 'Assign', 'Seconds', 'Timestamp'],
    JSONPath: [...PATHS, 'SecondsPath', 'TimestampPath'],
    JSONata: ['Output'],
  },
  Choice: { both: ['Choices', 'Default', 'Assign'], JSONPath: PATHS, JSONata: ['Output'] },
  Succeed: { both: [], JSONPath: PATHS, JSONata: ['Output'] },
  Fail: { both: ['Error', 'Cause'], JSONPath: ['ErrorPath', 'CausePath'], JSONata: [] },
};

/** What the States Language has and this interpreter has not. */
const UNSUPPORTED = ['ItemReader', 'ResultWriter', 'Credentials'];

/** A field of the state that this interpreter does not support: a run without it would be another one. */
export const unsupportedField = (state: State): string | undefined =>
  UNSUPPORTED.find((field) => state[field] !== undefined);

const ALWAYS = new Set(['Type', 'Comment', 'QueryLanguage']);

export const isStateType = (type: unknown): type is StateType => typeof type === 'string' && type in FIELDS;

/** Why a state of this type and language cannot have the field; undefined when it can. */
export function fieldProblem(type: StateType, language: QueryLanguage, field: string): string | undefined {
  if (UNSUPPORTED.includes(field)) return 'is not supported by this interpreter';
  const { both, [language]: own } = FIELDS[type];
  if (ALWAYS.has(field) || both.includes(field) || own.includes(field)) return undefined;
  const other = language === 'JSONata' ? 'JSONPath' : 'JSONata';
  if (FIELDS[type][other].includes(field)) return `is a ${other} field in a ${language} state`;
  return `is not a field of a ${type} state`;
}
