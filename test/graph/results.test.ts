import { phases } from '../../lambdas';
import { results, type StepName } from '../../src/domain/results';
import type { AnyStep } from '../../src/runtime/define-step';
import { type Definition, definition } from '../../statemachines';
import { problemsOf } from './results';

const steps = Object.values(phases).flat() as AnyStep[];

it('knows the result of each step by its name', () => {
  expect(Object.keys(results).sort()).toEqual(steps.map(({ name }) => name).sort());
  for (const { name, output } of steps)
    expect([name, output === results[name as StepName]]).toEqual([name, true]);
});

it('reads nothing that its steps do not say, and gives each step what it wants', () => {
  expect(problemsOf(definition)).toEqual([]);
});

/** The machine with a piece of its text in another's place. */
function changed(from: string, to: string): Definition {
  const text = JSON.stringify(definition);
  expect(text).toContain(from);
  return JSON.parse(text.replace(from, to));
}

it.each([
  [
    'a member of a result',
    '$states.result.warmUntil',
    '$states.result.keptUntil',
    'RetireBlue: $states.result has no keptUntil, or not always',
  ],
  [
    'a member in a Choice',
    '$states.input.recorded',
    '$states.input.noted',
    'DataRecorded?: $states.input has no noted, or not always',
  ],
  [
    'a member behind a variable',
    '$progress.migration',
    '$progress.task',
    'StopTasks: $progress has no task, or not always',
  ],
  [
    'a member of what a phase gives',
    '$states.result[0].retired',
    '$states.result[0].stopped',
    'Contract: $states.result has no stopped, or not always',
  ],
  [
    'a word',
    '$states.input.status = \'stopping\' %}","Next":"WaitForTasksToStop',
    '$states.input.status = \'ending\' %}","Next":"WaitForTasksToStop',
    "TasksStopped?: compares with 'ending', which it never is",
  ],
  [
    'what a step wants',
    '"closedAt":"{% $closing %}"',
    '"shutAt":"{% $closing %}"',
    'StopWriters: StopWriters wants input.closedAt',
  ],
])('would notice another name for %s', (_what, from, to, problem) => {
  expect(problemsOf(changed(from, to))).toContain(problem);
});
