import type { QueryLanguage, State, StateType } from './definition';
import { HAS_RESULT } from './output';
import { fieldProblem } from './state-fields';
import { checkChoices, checkErrorHandling } from './validate-rules';
import {
  checkExpressions,
  checkPath,
  checkPathOrCall,
  checkReferencePath,
  checkTemplate,
  type Report,
} from './validate-syntax';

const TERMINAL = new Set<StateType>(['Succeed', 'Fail', 'Choice']);
const JSON_PATH_TEMPLATES = ['Parameters', 'ResultSelector', 'ItemSelector', 'Assign', 'ItemBatcher'];
const JSONATA_TEMPLATES = [
  ...['Arguments', 'Items', 'ItemSelector', 'ItemBatcher', 'Error', 'Cause'],
  ...['TimeoutSeconds', 'HeartbeatSeconds', 'Seconds', 'Timestamp', 'MaxConcurrency'],
  ...['ToleratedFailureCount', 'ToleratedFailurePercentage'],
];
const LAMBDA_OR_INTEGRATION = /^arn:[^:]+:(lambda:.+:function:.+|states:[^:]*:[^:]*:[^:]+:.+)$/;

/** Checks one state by itself: its fields, their syntax and what its type requires. */
export function checkState(state: State, language: QueryLanguage, report: Report): void {
  for (const field of Object.keys(state)) {
    const problem = fieldProblem(state.Type, language, field);
    if (problem) report(field, problem);
  }
  checkEnd(state, report);
  checkErrorHandling(state, report);
  if (language === 'JSONata') checkJsonata(state, report);
  else checkJsonPath(state, report);
  if (state.Type === 'Choice') checkChoices(state, language === 'JSONata', report);
  if (state.Type === 'Task') checkTask(state, report);
  if (state.Type === 'Wait') checkWait(state, report);
  if (state.Type === 'Map') checkMap(state, report);
  if (state.Type === 'Parallel' && !Array.isArray(state.Branches)) report('Branches', 'must be an array');
}

function checkEnd(state: State, report: Report): void {
  if (TERMINAL.has(state.Type)) return;
  if (state.Next === undefined && state.End !== true) report('Next', 'is missing; give Next or "End": true');
  if (state.Next !== undefined && state.End !== undefined) report('End', 'cannot stand beside Next');
}

function checkJsonata(state: State, report: Report): void {
  for (const field of JSONATA_TEMPLATES) checkExpressions(state[field], field, report);
  const stage = HAS_RESULT.has(state.Type) ? 'result' : undefined;
  for (const field of ['Output', 'Assign']) checkExpressions(state[field], field, report, stage);
  checkExpressions(state.Catch, 'Catch', report, 'errorOutput');
}

function checkJsonPath(state: State, report: Report): void {
  for (const field of JSON_PATH_TEMPLATES) checkTemplate(state[field], field, report);
  if (state.ResultPath !== undefined) checkReferencePath(state.ResultPath, 'ResultPath', report);
  for (const [field, value] of Object.entries(state)) {
    if (field === 'ErrorPath' || field === 'CausePath') checkPathOrCall(String(value), field, report);
    else if (field.endsWith('Path') && field !== 'ResultPath' && value !== null)
      checkPath(value, field, report);
  }
}

function checkTask(state: State, report: Report): void {
  const { Resource, TimeoutSeconds, HeartbeatSeconds } = state;
  if (typeof Resource !== 'string') report('Resource', 'is missing');
  else if (/^arn:[^:]+:states:[^:]+:[^:]+:activity:/.test(Resource)) {
    report('Resource', 'is an activity, which this interpreter does not support');
  } else if (!LAMBDA_OR_INTEGRATION.test(Resource)) {
    report(
      'Resource',
      `must be the ARN of a Lambda function or of a service integration, but is '${Resource}'`,
    );
  }
  if (
    typeof TimeoutSeconds === 'number' &&
    typeof HeartbeatSeconds === 'number' &&
    HeartbeatSeconds >= TimeoutSeconds
  ) {
    report('HeartbeatSeconds', 'must be smaller than TimeoutSeconds');
  }
}

function checkWait(state: State, report: Report): void {
  const given = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter(
    (field) => state[field] !== undefined,
  );
  if (given.length !== 1)
    report('Seconds', 'must be the only one of Seconds, Timestamp and their paths, and be given');
}

function checkMap(state: State, report: Report): void {
  if (!state.ItemProcessor && !state.Iterator) report('ItemProcessor', 'is missing');
  if (state.ItemBatcher && Object.hasOwn(state.ItemBatcher, 'MaxInputBytesPerBatch')) {
    report('ItemBatcher/MaxInputBytesPerBatch', 'is not supported by this interpreter');
  }
}
