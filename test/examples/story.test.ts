import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { paint } from '../../examples/story/ansi';
import { type Counts, countAnswer, noCounts, percentile, plus, since } from '../../examples/story/counts';
import { CHAPTERS, contradictions, type Told } from '../../examples/story/deployments';
import { elapsed, table, wrapPath } from '../../examples/story/format';
import {
  durationMs,
  failureOf,
  hasEnded,
  pathOf,
  shortPath,
  verdictToBlueMs,
} from '../../examples/story/history';
import { liveLines, type Moment, plainLine } from '../../examples/story/live';
import { readOptions } from '../../examples/story/options';
import { phaseOf } from '../../examples/story/phases';
import { descendantsOf, parseProcesses } from '../../examples/story/processes';
import { createScreen } from '../../examples/story/screen';
import { documentOf, problemsOf, summaryLines } from '../../examples/story/summary';

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
    expect(phaseOf(['VerifyRollback', 'ReleaseLock'])).toBe('turn back');
  });
});

const counts = (answers: [number, string | undefined, number][]): Counts => {
  const all = noCounts();
  for (const [status, version, ms] of answers) countAnswer(all, status, version, ms);
  return all;
};

describe('what users got', () => {
  it.each([
    [200, 'ok'],
    [201, 'ok'],
    [404, 'appErrors'],
    [500, 'appErrors'],
    [502, 'lost'],
    [503, 'lost'],
    [504, 'lost'],
    [0, 'lost'],
  ] as const)('with status %i counts as %s', (status, kind) => {
    expect(counts([[status, undefined, 1]])).toMatchObject({ ok: 0, lost: 0, appErrors: 0, [kind]: 1 });
  });

  it('is added and subtracted as a whole', () => {
    const first = counts([
      [200, 'v1', 1],
      [500, 'v2', 100],
    ]);
    const second = counts([[200, 'v2', 3]]);
    expect(since(plus(first, second), first)).toMatchObject({
      ok: 1,
      lost: 0,
      appErrors: 0,
      versions: { v1: 0, v2: 1 },
    });
    expect(percentile(since(plus(first, second), first), 0.99)).toBeCloseTo(3, 0);
  });

  it('has percentiles at most 10 % too high', () => {
    const even = counts(Array.from({ length: 1000 }, (_, n) => [200, 'v1', n + 1]));
    for (const [share, exact] of [
      [0.5, 500],
      [0.99, 990],
    ] as const) {
      expect(percentile(even, share)).toBeGreaterThanOrEqual(exact);
      expect(percentile(even, share)).toBeLessThanOrEqual(exact * 1.1);
    }
    expect(percentile(noCounts(), 0.5)).toBe(0);
  });
});

const asExpected: Told[] = CHAPTERS.map(({ version, outcome, through, meetsUsers }) => ({
  name: version,
  outcome,
  path: [...through, outcome],
  durationMs: 10_000,
  requests: 12_000,
  lost: 0,
  appErrors: 3,
  verdictToBlueMs: version === 'v3' ? 120 : null,
  servedByIt: meetsUsers ? 700 : 0,
  cause: 'for a reason',
}));
const changed = (name: string, change: Partial<Told>) =>
  asExpected.map((told) => (told.name === name ? { ...told, ...change } : told));
const clean = { processes: 0, locks: 0, tempDirs: 0 };
const served: Counts = { ...noCounts(), ok: 48_000, versions: { v1: 24_000, v2: 23_000, v3: 1_000 } };

describe('the verdict on the story', () => {
  it('is good when every deployment ended as it had to and nothing was lost or left', () => {
    expect(problemsOf(asExpected, served, clean)).toEqual([]);
  });

  it.each<[string, Partial<Told>, string]>([
    ['v2', { outcome: 'RolledBack' }, 'v2 ended as RolledBack, expected DeploymentSucceeded'],
    ['v3', { path: ['RolledBack'] }, 'v3 did not pass through ObserveGreen, ReturnTraffic, VerifyRollback'],
    ['v3', { servedByIt: 0 }, 'v3 served no user, expected some'],
    ['v4', { servedByIt: 1 }, 'v4 served 1 requests of users, expected none'],
    ['v5', { lost: 2 }, 'v5 lost 2 requests'],
  ])('is bad when %s is %j', (name, change, problem) => {
    expect(problemsOf(changed(name, change), served, clean)).toEqual([problem]);
  });

  it('is bad when a deployment is missing', () => {
    expect(problemsOf(asExpected.slice(0, 3), served, clean)).toEqual(['v5 was not deployed']);
  });

  it('is bad when anything was lost between deployments or is left behind', () => {
    expect(problemsOf(asExpected, { ...served, lost: 1 }, { processes: 1, locks: 2, tempDirs: 3 })).toEqual([
      '1 requests were lost in all',
      '1 processes were left behind',
      '2 locks were left behind',
      '3 tempDirs were left behind',
    ]);
  });

  it('is bad when a version that may meet no user met one at any time of the run', () => {
    expect(problemsOf(asExpected, { ...served, versions: { ...served.versions, v5: 4 } }, clean)).toEqual([
      'v5 answered 4 requests of users in all, expected none',
    ]);
  });

  it('takes nothing for granted of a single deployment', () => {
    for (const chapter of CHAPTERS)
      expect(contradictions(chapter, { ...asExpected[0]!, outcome: 'NeedsOperator', path: [] })).not.toEqual(
        [],
      );
  });
});

describe('the document of --json', () => {
  it('has the measured figures and nothing else', () => {
    const document = documentOf(asExpected, served, 1199.6, clean);
    expect(document).toEqual({
      deployments: asExpected.map(
        ({ name, outcome, path, durationMs, requests, lost, appErrors, verdictToBlueMs }) => ({
          name,
          outcome,
          path,
          durationMs,
          requests,
          lost,
          appErrors,
          verdictToBlueMs,
        }),
      ),
      traffic: { requests: 48_000, lost: 0, appErrors: 0, rps: 1200 },
      leftovers: clean,
    });
  });
});

const moment: Moment = {
  chapter: CHAPTERS[1]!,
  phase: 'shift',
  state: 'ObserveGreen',
  comment: 'compares the error rates',
  bluePercent: 90,
  elapsedMs: 67_000,
  recent: { ...noCounts(), ok: 1180, appErrors: 20, versions: { v2: 1080, v3: 120 } },
  during: { ...noCounts(), ok: 9_000, appErrors: 41 },
};
const plain = paint(false);

describe('the telling', () => {
  it('shows phase, state, weights, rate and failures of the moment', () => {
    const text = liveLines(moment, plain).join('\n');
    for (const part of [
      'v3',
      '1:07',
      'shift › ObserveGreen',
      '90 : 10',
      '1,200 requests/s',
      'lost 0',
      'app errors 41',
      'v3 10 %',
    ])
      expect(text).toContain(part);
  });

  it('is one line per change in a file', () => {
    const written: string[] = [];
    const screen = createScreen({ write: (text) => written.push(String(text)) > 0 }, {});
    screen.show(moment);
    screen.show({ ...moment, elapsedMs: 68_000 });
    screen.show({ ...moment, bluePercent: 100 });
    expect(written).toEqual([`${plainLine(moment)}\n`, `${plainLine({ ...moment, bluePercent: 100 })}\n`]);
  });

  it('redraws its last lines at a terminal and never lets one wrap', () => {
    const written: string[] = [];
    const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
    const screen = createScreen({ write, isTTY: true, columns: 40 }, { NO_COLOR: '1' });
    screen.show(moment);
    const first = [...written];
    screen.show(moment);
    expect(first.every((line) => line.length <= 40)).toBe(true);
    expect(written.slice(first.length)).toEqual([`\x1b[${first.length}A\x1b[J`, ...first]);
  });

  it('uses colours at a terminal only, and honours NO_COLOR', () => {
    const terminal = { write: () => true, isTTY: true };
    expect(createScreen(terminal, {}).paint.red('x')).toBe('\x1b[31mx\x1b[39m');
    expect(createScreen(terminal, { NO_COLOR: '1' }).paint.red('x')).toBe('x');
    expect(createScreen({ write: () => true }, {}).paint.red('x')).toBe('x');
  });

  it('sums up with a table, the paths, the totals and the problems', () => {
    const text = summaryLines(asExpected, served, 1200, ['v3 lost 1 requests'], plain).join('\n');
    expect(text).toMatch(/v3 {2}RolledBack +10\.0 s +12,000 +0 +3 +700 +120 ms/);
    expect(text).toContain('✘ v3 lost 1 requests');
    expect(text).not.toContain('✔');
    expect(summaryLines(asExpected, served, 1200, [], plain).at(-1)).toContain('✔');
  });

  it('aligns tables and breaks paths at their arrows', () => {
    expect(
      table(
        [
          ['a', 'one'],
          ['bb', '2'],
        ],
        [1],
      ),
    ).toEqual(['a   one', 'bb    2']);
    expect(wrapPath(['First', 'Second', 'Third'], 16)).toEqual(['First → Second', '→ Third']);
    expect(elapsed(125_900)).toBe('2:05');
  });
});

describe('the command line', () => {
  it('has sensible defaults', () => {
    expect(readOptions([])).toEqual({ once: false, json: false, rate: 1200, faults: [] });
    expect(readOptions(['--help'])).toBe('help');
  });

  it('passes every fault on', () => {
    expect(readOptions(['--once', '--json', '--rate', '50', '--fault', 'a', '--fault', 'b'])).toEqual({
      once: true,
      json: true,
      rate: 50,
      faults: ['a', 'b'],
    });
  });

  it.each([[['--rate', 'x']], [['--rate', '0']], [['--json']], [['--twice']], [['now']]])(
    'refuses %j',
    (args) => {
      expect(readOptions(args)).toEqual({ problem: expect.any(String) });
    },
  );
});

describe('the processes of a run', () => {
  const listing = `
    1     0 Ss   Sat Nov 21 12:00:00 2026 init
   10     1 S    Sat Nov 21 12:00:01 2026 node story
   11    10 S+   Sat Nov 21 12:00:02 2026 node cloud --json
   12    11 Z    Sat Nov 21 12:00:03 2026 [postgres] <defunct>
   13     1 S    Sat Nov 21 12:00:03 2026 other`;

  it('are the descendants of the story, however deep', () => {
    expect(descendantsOf(10, parseProcesses(listing)).map(({ pid }) => pid)).toEqual([11, 12]);
  });

  it('are read with their start, their command line and whether they are dead already', () => {
    expect(parseProcesses(listing).slice(2, 4)).toEqual([
      {
        pid: 11,
        parent: 10,
        zombie: false,
        started: 'Sat Nov 21 12:00:02 2026',
        command: 'node cloud --json',
      },
      {
        pid: 12,
        parent: 11,
        zombie: true,
        started: 'Sat Nov 21 12:00:03 2026',
        command: '[postgres] <defunct>',
      },
    ]);
  });
});
