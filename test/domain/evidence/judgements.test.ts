import { judgeClientErrors } from '../../../src/domain/evidence/client-errors';
import { judgeDatabase, type Vitals } from '../../../src/domain/evidence/database';
import { judgeErrors } from '../../../src/domain/evidence/errors';
import {
  crashesSince,
  interruptionsSince,
  judgeFleet,
  withNewestStop,
} from '../../../src/domain/evidence/fleet';
import { judgeLatency, type Period } from '../../../src/domain/evidence/latency';
import { type RequestCounts, settled } from '../../../src/domain/evidence/request-counts';
import { healthOfTasks } from '../../../src/domain/evidence/task-health';
import { type Evidence, greenVerdict } from '../../../src/domain/evidence/verdict';
import { thresholds } from './thresholds';

const counts = (known: Partial<RequestCounts>): RequestCounts => ({
  requests: 0,
  errors: 0,
  unanswered: 0,
  clientErrors: 0,
  ...known,
});

describe('what nobody answered', () => {
  const period = (requests: number, success: number) => ({
    requests,
    answers: { success, redirect: 0, clientError: 0, serverError: 0 },
  });
  const newest = period(100, 60);
  it.each<[string, ReturnType<typeof period>[], number[]]>([
    ['nothing is missing', [period(100, 100), period(100, 100)], [0, 0]],
    [
      'a third is missing, and of the newest period nobody knows yet',
      [period(99, 66), period(99, 66)],
      [33, 0],
    ],
    ['answers that come a period later are none', [period(100, 90), period(100, 110)], [0, 0]],
    ['an answer belongs to the oldest request', [period(10, 0), period(10, 15)], [5, 0]],
    ['a period without requests', [period(10, 4), period(0, 6)], [0, 0]],
    ['no answer at all', [period(60, 0), newest], [60, 0]],
    ['nothing was asked', [], []],
  ])('%s', (_, periods, unanswered) => {
    expect(settled(periods, 60).map((one) => one.unanswered)).toEqual(unanswered);
  });

  it('is told beside the answers, and counts as much', () => {
    const answers = { success: 60, redirect: 1, clientError: 2, serverError: 7 };
    const [one] = settled([{ requests: 100, answers }, newest], 60);
    expect(one).toEqual({ requests: 100, errors: 37, unanswered: 30, clientErrors: 2 });
    const sides = { green: [one!], blue: [counts({ requests: 900 })], sameMinutes: true };
    expect(judgeErrors(sides, thresholds)).toMatchObject({
      verdict: 'unhealthy',
      because: expect.stringContaining(
        'green 37 of 100 requests failed (37.0 %, 30 of them unanswered), blue 0 of 900 (0.0 %)',
      ),
    });
  });
});

describe('judgeClientErrors', () => {
  const sides = (green: number, of = 1000) => ({
    green: [counts({ requests: of, clientErrors: green })],
    blue: [counts({ requests: 9000, clientErrors: 90 })],
  });
  const strict = { ...thresholds, clientErrorRateIncrease: 0.1 };
  it.each([
    ['as many as on blue', 10, 1000, 'healthy', false, 'healthy'],
    ['clearly more, not enough for the service', 60, 1000, 'healthy', true, 'healthy'],
    ['many more', 300, 1000, 'healthy', true, 'unhealthy'],
    ['too few requests', 40, 50, 'healthy', false, 'undecided'],
  ])('%s: %d of %d', (_, green, of, verdict, warns, strictly) => {
    const usual = judgeClientErrors(sides(green, of), thresholds);
    expect([usual.verdict, usual.warning !== undefined]).toEqual([verdict, warns]);
    expect(judgeClientErrors(sides(green, of), strict).verdict).toBe(strictly);
  });
});

describe('judgeErrors', () => {
  it.each([
    ['no requests at all', [0, 0], [0, 5000], 'undecided'],
    ['too few requests on green, all failing', [99, 99], [0, 5000], 'undecided'],
    ['too few requests on blue to compare with', [50, 1000], [0, 99], 'undecided'],
    ['green as good as blue', [3, 1000], [27, 9000], 'healthy'],
    ['green clearly worse', [100, 1000], [9, 9000], 'unhealthy'],
    ['green worse, but not by enough to matter', [1500, 100_000], [0, 100_000], 'healthy'],
    ['green worse by chance: 3 of 100', [3, 100], [0, 100], 'healthy'],
    [
      'green worse by chance: 2 of 100, of so few errors that a normal curve would convict',
      [2, 100],
      [0, 900],
      'healthy',
    ],
    ['both failing: green is over the ceiling', [250, 1000], [2250, 9000], 'unhealthy'],
    ['green over the ceiling with blue idle', [300, 1000], [0, 0], 'unhealthy'],
    ['both without an error, and any increase forbidden', [0, 1000], [0, 9000], 'healthy'],
  ] as const)(
    'finds %s: green %j, blue %j',
    (title, [errors, requests], [blueErrors, blueRequests], verdict) => {
      const strict = title.includes('forbidden') ? { ...thresholds, errorRateIncrease: 0 } : thresholds;
      expect(
        judgeErrors(
          {
            green: [counts({ errors, requests })],
            blue: [counts({ errors: blueErrors, requests: blueRequests })],
            sameMinutes: true,
          },
          strict,
        ).verdict,
      ).toBe(verdict);
    },
  );

  it('lets blue say how many answers of a service with streams are in no class, and the ceiling be for 5xx', () => {
    const sockets = (unanswered: number, errors = 0) =>
      counts({ requests: 1000, errors: errors + unanswered, unanswered });
    const judge = (green: RequestCounts, streams: boolean) =>
      judgeErrors({ green: [green], blue: [sockets(400)], sameMinutes: true, streams }, thresholds).verdict;
    expect(judge(sockets(400), false)).toBe('unhealthy');
    expect(judge(sockets(400), true)).toBe('healthy');
    expect(judge(sockets(600), true)).toBe('unhealthy');
    expect(judge(sockets(0, 300), true)).toBe('unhealthy');
  });

  it("takes blue's own ups and downs for usual where green has other minutes, and not where both share them", () => {
    const minute = (errors: number) => counts({ requests: 10_000, errors });
    const blue = [300, 700, 450, 550, 400, 600].map(minute);
    const sides = { green: [minute(780)], blue };
    expect(judgeErrors({ ...sides, sameMinutes: false }, thresholds).verdict).toBe('healthy');
    expect(judgeErrors({ ...sides, sameMinutes: true }, thresholds).verdict).toBe('unhealthy');
    expect(judgeErrors({ green: [minute(1500)], blue, sameMinutes: false }, thresholds).verdict).toBe(
      'unhealthy',
    );
  });

  it('gives the numbers that decided', () => {
    const found = judgeErrors(
      {
        green: [counts({ requests: 1000, errors: 100 })],
        blue: [counts({ requests: 9000, errors: 9 })],
        sameMinutes: true,
      },
      thresholds,
    );
    expect(found.because).toBe(
      'green 100 of 1000 requests failed (10.0 %), blue 9 of 9000 (0.1 %); more than 2.0 % worse',
    );
    expect(found.numbers).toMatchObject({ green: [100, 1000], blue: [9, 9000] });
    expect(found.numbers.p).toBeLessThan(1e-50);
  });
});

describe('judgeLatency', () => {
  /** Periods with these medians in ms; the 99th percentile is ten times as long. */
  const periods = (medians: number[], requests = 1000): Period[] =>
    medians.map((ms) => ({ ...counts({ requests }), until: 0, p50: ms / 1000, p99: ms / 100 }));
  const blue = periods([98, 99, 100, 101, 102, 103]);
  const faster = (factor: number) => periods([98, 99, 100, 101, 102, 103].map((ms) => ms * factor));

  it.each([
    ['as fast as blue', faster(1), 'healthy', false],
    ['faster than blue', faster(0.5), 'healthy', false],
    ['20 % slower: within the dead band', faster(1.2), 'healthy', false],
    ['40 % slower: a warning', faster(1.4), 'healthy', true],
    ['70 % slower', faster(1.7), 'unhealthy', false],
    [
      'slow in two of six periods, as after a cold start',
      periods([900, 400, 100, 101, 99, 100]),
      'healthy',
      false,
    ],
    ['known for four periods only, all of them slow', periods([900, 900, 900, 900]), 'undecided', false],
    [
      'known for many periods with hardly a request in them',
      periods(Array(20).fill(900), 9),
      'undecided',
      false,
    ],
    ['never published', [], 'undecided', false],
  ] as const)('finds a green %s', (_title, green, verdict, warns) => {
    const found = judgeLatency({ green: [...green], blue: blue }, thresholds);
    expect([found.verdict, found.warning !== undefined]).toEqual([verdict, warns]);
  });

  it('convicts by the slowest requests alone, where periods have enough of them', () => {
    const slowTail = (requests: number) => blue.map((period) => ({ ...period, requests, p99: 4 }));
    expect(judgeLatency({ green: slowTail(1000), blue: blue }, thresholds)).toMatchObject({
      verdict: 'unhealthy',
      because: 'p99 of green 4000 ms, of blue 1005 ms, more than 50 % slower',
    });
    expect(judgeLatency({ green: slowTail(199), blue: blue }, thresholds).verdict).toBe('healthy');
  });

  it('leaves a few milliseconds alone, however many times more they are', () => {
    const green = periods([10, 11, 10, 11, 10, 11]).map((period) => ({ ...period, p99: 0.02 }));
    const quick = periods([1, 2, 1, 2, 1, 2]).map((period) => ({ ...period, p99: 0.01 }));
    expect(judgeLatency({ green: green, blue: quick }, thresholds).verdict).toBe('healthy');
    expect(
      judgeLatency({ green: green, blue: quick }, { ...thresholds, latencyFloorSeconds: 0 }).verdict,
    ).toBe('unhealthy');
  });

  it('says what is missing, and what a service does that publishes no response times', () => {
    expect(judgeLatency({ green: [], blue: [] }, thresholds).because).toBe(
      'latency is known for 0 periods of 60 s with at least 10 requests on green and 0 on blue, 5 on each are needed; for a service whose load balancer publishes no response times set latencyIncrease to null',
    );
    expect(judgeLatency({ green: [], blue: [] }, { ...thresholds, latencyIncrease: null }).verdict).toBe(
      'healthy',
    );
  });
});

describe('judgeFleet', () => {
  const sick = [{ target: '10.0.0.1:80', state: 'unhealthy', reason: 'Health checks failed' }];
  it.each([
    ['all targets healthy', { desired: 2, healthy: 2, others: [], crashes: [] }, 'healthy'],
    [
      'a target of the former version draining',
      { desired: 2, healthy: 2, others: [{ ...sick[0]!, state: 'draining' }], crashes: [] },
      'healthy',
    ],
    ['a target sick', { desired: 2, healthy: 1, others: sick, crashes: [] }, 'undecided'],
    ['no target healthy', { desired: 2, healthy: 0, others: sick, crashes: [] }, 'unhealthy'],
    ['one crash, replaced', { desired: 2, healthy: 2, others: [], crashes: ['exit 1'] }, 'healthy'],
    [
      'a crash loop',
      { desired: 2, healthy: 2, others: [], crashes: ['exit 1', 'exit 1', 'exit 1'] },
      'unhealthy',
    ],
  ] as const)('finds %s', (_title, fleet, verdict) => {
    const found = judgeFleet({
      ...fleet,
      served: true,
      others: [...fleet.others],
      crashes: [...fleet.crashes],
    });
    expect(found.verdict).toBe(verdict);
    expect(found.warning).toEqual(
      fleet.crashes.length === 1
        ? 'green is not stable: 1 of its tasks crashed since users reached it, the newest: exit 1'
        : undefined,
    );
  });

  it('counts as crashes what nobody asked for, from when users came', () => {
    const stop = (at: number, code: string, reason = '') => ({
      ...{ taskDefinition: 'shop:1', at, code, reason },
    });
    expect(
      crashesSince(
        [
          stop(50, 'EssentialContainerExited', 'before'),
          stop(200, 'EssentialContainerExited', 'after'),
          stop(200, 'ServiceSchedulerInitiated', 'Scaling activity initiated by deployment'),
          stop(200, 'ServiceSchedulerInitiated', 'Task failed ELB health checks in target group'),
          stop(300, 'TaskFailedToStart', 'no image'),
        ],
        100,
      ),
    ).toEqual([
      'EssentialContainerExited: after',
      'ServiceSchedulerInitiated: Task failed ELB health checks in target group',
      'TaskFailedToStart: no image',
    ]);
  });

  it('does not take for a failure of green what Fargate Spot takes away, be it all of it', () => {
    const stop = (at: number, code: string) => ({
      taskDefinition: 'shop:1',
      at,
      code,
      reason: 'Your Spot Task was interrupted.',
    });
    const stops = [
      stop(50, 'SpotInterruption'),
      ...[1, 2, 3, 4].map((at) => stop(100 * at, 'SpotInterruption')),
    ];
    expect(crashesSince(stops, 100)).toEqual([]);
    const fleet = {
      served: true,
      desired: 2,
      others: [],
      crashes: [],
      interrupted: interruptionsSince(stops, 100),
    };
    expect(judgeFleet({ ...fleet, healthy: 2 })).toMatchObject({
      verdict: 'healthy',
      warning: 'green is not stable: Fargate Spot has taken 4 of its tasks away since users reached it',
    });
    expect(judgeFleet({ ...fleet, healthy: 1 }).verdict).toBe('undecided');
    expect(judgeFleet({ ...fleet, healthy: 0 })).toMatchObject({
      verdict: 'undecided',
      because:
        'no target of green is healthy: Fargate Spot has taken 4 of its tasks away since users reached it',
    });
    expect(judgeFleet({ ...fleet, healthy: 0, interrupted: 0 }).verdict).toBe('unhealthy');
  });

  it('waits for the tasks of a pure worker, whose work waits as well, and speaks of no users', () => {
    const worker = { served: false, desired: 1, healthy: 0, others: [], crashes: ['exit 1'] };
    expect(judgeFleet(worker)).toMatchObject({
      verdict: 'undecided',
      because: '0 of 1 tasks of green are healthy',
      warning: 'green is not stable: 1 of its tasks crashed since its rollout began, the newest: exit 1',
    });
    expect(judgeFleet({ ...worker, crashes: ['exit 1', 'exit 1', 'exit 1'] }).verdict).toBe('unhealthy');
  });

  it('tells of a version the newest task that crashed, else the newest that stopped, and nothing of another', () => {
    const stop = (taskDefinition: string, code: string) => ({ taskDefinition, at: 1, code, reason: 'x' });
    const blue = stop('shop:1', 'EssentialContainerExited');
    const scaled = stop('shop:2', 'ServiceSchedulerInitiated');
    const crashed = stop('shop:2', 'EssentialContainerExited');
    const says = (...stops: (typeof blue)[]) => withNewestStop('late', stops, 'shop:2');
    expect(says(blue)).toBe('late');
    expect(says(blue, scaled)).toBe('late; the newest stopped task says ServiceSchedulerInitiated: x');
    expect(says(blue, scaled, crashed)).toBe(
      'late; the newest stopped task says EssentialContainerExited: x',
    );
    expect(crashesSince([blue, scaled, crashed], 0, 'shop:2')).toEqual(['EssentialContainerExited: x']);
  });
});

describe('healthOfTasks', () => {
  it.each([
    ['running, without a check', 'RUNNING', 'UNKNOWN', false, 1, []],
    ['running, and well by its check', 'RUNNING', 'HEALTHY', true, 1, []],
    ['running, its check without an answer', 'RUNNING', 'UNKNOWN', true, 0, ['unknown']],
    ['running, and ill by its check', 'RUNNING', 'UNHEALTHY', true, 0, ['unhealthy']],
    ['on its way', 'PENDING', 'UNKNOWN', false, 0, ['pending']],
  ])('finds of a task that is %s', (_title, status, health, checked, healthy, others) => {
    const found = healthOfTasks([{ task: '1f', status, health, checked }]);
    expect(found.healthy).toBe(healthy);
    expect(found.others.map(({ state }) => state)).toEqual(others);
  });
});

describe('judgeDatabase', () => {
  const calm: Vitals = { connections: 20, maxConnections: 100, blocked: 0, standbys: 1, lagSeconds: 0.1 };
  const storm = { ...calm, blocked: 12 };
  it.each([
    ['calm', calm, calm, 'healthy'],
    ['nearly out of connections', { ...calm, connections: 95 }, calm, 'unhealthy'],
    ['a storm of blocked sessions', storm, calm, 'unhealthy'],
    ['a storm where nothing is known from before', storm, null, 'unhealthy'],
    ['a storm where it could not be read before', storm, { unreachable: 'ECONNREFUSED' }, 'unhealthy'],
    ['a standby far behind', { ...calm, lagSeconds: 300 }, calm, 'unhealthy'],
    ['a standby whose lag nobody may read', { ...calm, lagSeconds: null }, calm, 'undecided'],
    ['no standby', { ...calm, standbys: 0, lagSeconds: null }, calm, 'healthy'],
    ['unreadable', { unreachable: 'ECONNREFUSED' }, calm, 'undecided'],
  ] as const)('finds a database that is %s', (_title, now, before, verdict) => {
    expect(judgeDatabase(now, before, thresholds).verdict).toBe(verdict);
  });

  it('does not blame green for a storm from before the shift, unless it has grown', () => {
    const same = judgeDatabase(storm, storm, thresholds);
    expect([same.verdict, same.warning]).toEqual([
      'healthy',
      'as before the shift: 12 sessions wait for a lock longer than 10 s',
    ]);
    expect(judgeDatabase({ ...storm, blocked: 13 }, storm, thresholds).verdict).toBe('unhealthy');
  });

  const query = { id: '7', text: 'SELECT', calls: 1000, totalMs: 100_000, deviationMs: 1 };
  const counted = (meanMs: number) => ({
    ...calm,
    queries: [{ ...query, calls: 1500, totalMs: query.totalMs + 500 * meanMs }],
  });
  it.each([
    ['as fast as before', counted(100), { ...calm, queries: [query] }, 'healthy', undefined],
    ['30 % slower', counted(130), { ...calm, queries: [query] }, 'healthy', /^slower: 7 by 30 %/],
    ['60 % slower', counted(160), { ...calm, queries: [query] }, 'unhealthy', undefined],
    ['60 % slower, and was not counted before', counted(160), calm, 'healthy', undefined],
  ])('judges a heavy statement that is %s', (_title, now, before, verdict, warning) => {
    const judged = judgeDatabase(now, before, thresholds);
    expect(judged.verdict).toBe(verdict);
    if (warning) expect(judged.warning).toMatch(warning);
    else expect(judged.warning).toBeUndefined();
    if (verdict === 'unhealthy') expect(judged.because).toMatch(/^slower: 7 by 60 %, from 100 ms to 160 ms/);
    expect(JSON.stringify(judged.numbers)).not.toContain('SELECT');
  });
});

describe('greenVerdict', () => {
  const piece = (verdict: Evidence['verdict'], warning?: string): Evidence => ({
    verdict,
    because: `${verdict} says so`,
    numbers: {},
    ...(warning ? { warning } : {}),
  });
  const [good, open, bad] = [piece('healthy'), piece('undecided'), piece('unhealthy')];
  it.each([
    ['all healthy', [good, good], 'healthy'],
    ['one undecided', [good, open], 'undecided'],
    ['one unhealthy', [good, bad], 'unhealthy'],
    ['one unhealthy beside undecided ones', [open, bad, open], 'unhealthy'],
    ['nothing', [], 'undecided'],
  ] as const)('of %s is %s', (_title, pieces, verdict) => {
    expect(greenVerdict([...pieces]).verdict).toBe(verdict);
  });

  it('says only what decided, and every warning', () => {
    expect(greenVerdict([good, bad, piece('healthy', 'slower')])).toEqual({
      verdict: 'unhealthy',
      because: 'unhealthy says so',
      warnings: ['slower'],
    });
  });
});
