import type { HistoryEvent } from '@aws-sdk/client-sfn';
import {
  durationMs,
  failureOf,
  hasEnded,
  pathOf,
  schemaBefore,
  shortPath,
  verdictToBlueMs,
} from '../../../examples/story/history';
import { phaseOf } from '../../../examples/story/phases';

const entered = (name: string, ms: number): HistoryEvent => ({
  id: ms,
  type: 'TaskStateEntered',
  timestamp: new Date(ms),
  stateEnteredEventDetails: { name },
});
const exited = (name: string, ms: number, output = '{}'): HistoryEvent => ({
  id: ms,
  type: 'TaskStateExited',
  timestamp: new Date(ms),
  stateExitedEventDetails: { name, output },
});
const event = (type: HistoryEvent['type'], ms: number, details = {}): HistoryEvent => ({
  id: ms,
  type,
  timestamp: new Date(ms),
  ...details,
});

const convicted = [
  event('ExecutionStarted', 1),
  entered('ObserveGreen', 10),
  event('TaskSucceeded', 19),
  exited('ObserveGreen', 20),
  entered('Bake', 21),
  entered('ObserveGreen', 100),
  exited('ObserveGreen', 130),
  entered('ReturnTraffic', 140),
  event('TaskScheduled', 141),
  event('TaskSucceeded', 190),
  exited('ReturnTraffic', 191),
  entered('RolledBack', 300),
  event('ExecutionFailed', 301, {
    executionFailedEventDetails: { error: 'RolledBack', cause: 'too many 5xx' },
  }),
];

describe('the history of an execution', () => {
  it('is a path of the states it entered', () => {
    expect(pathOf(convicted)).toEqual([
      'ObserveGreen',
      'Bake',
      'ObserveGreen',
      'ReturnTraffic',
      'RolledBack',
    ]);
  });

  it('is shortened to steps, each polling loop named once', () => {
    expect(
      shortPath([
        'CheckGreen',
        'GreenHealthy?',
        'WaitForGreen',
        'CheckGreen',
        'GreenHealthy?',
        'SmokeTestGreen',
      ]),
    ).toEqual(['CheckGreen', 'SmokeTestGreen']);
    expect(shortPath(['ShiftTraffic', 'ObserveGreen', 'Bake', 'ObserveGreen', 'ShiftTraffic'])).toEqual([
      'ShiftTraffic',
      'ObserveGreen',
      'ShiftTraffic',
    ]);
  });

  it('has the fingerprint that InspectDatabase found', () => {
    const found = JSON.stringify({ ready: true, before: { fingerprint: 'abc', applied: [] } });
    expect(schemaBefore([exited('InspectDatabase', 1, found)])).toBe('abc');
    expect(schemaBefore([exited('InspectDatabase', 1, '{"ready":false,"before":null}')])).toBeUndefined();
    expect(schemaBefore([])).toBeUndefined();
  });

  it('measures from the last verdict to the success of the task that returned the traffic', () => {
    expect(verdictToBlueMs(convicted)).toBe(60);
  });

  it('measures nothing where traffic never moved', () => {
    expect(verdictToBlueMs(convicted.slice(0, 7))).toBeNull();
  });

  it('ends with the execution and tells why it failed', () => {
    expect(hasEnded(convicted)).toBe(true);
    expect(hasEnded(convicted.slice(0, -1))).toBe(false);
    expect(hasEnded([])).toBe(false);
    expect(failureOf(convicted)).toBe('too many 5xx');
    expect(durationMs(convicted)).toBe(300);
  });

  it('leaves questions and the release of the lock in the phase they follow', () => {
    expect(phaseOf([])).toBe('prepare');
    expect(phaseOf(['StartGreen', 'GreenStarted?'])).toBe('deploy');
    expect(phaseOf(['InspectDatabase', 'ReleaseLock'])).toBe('prepare');
    expect(phaseOf(['VerifyRollback', 'ReleaseLock'])).toBe('conclude');
  });
});
