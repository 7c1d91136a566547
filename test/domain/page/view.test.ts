import type { Seen } from '../../../src/domain/page/seen';
import { viewOf } from '../../../src/domain/page/view';
import { STATES } from '../../page/states';

const seenOf = (state: string): Seen => STATES[state]!().seen;
const headOf = (state: string, more: Partial<Seen> = {}) => viewOf({ ...seenOf(state), ...more }).head;

const NOTHING = 'Nothing: it goes on by itself.';

it.each([
  ['at work', 'works', 'shop:v2 is being deployed: expand', NOTHING, 'pause rollback'],
  [
    'asks',
    'asks',
    'shop: may shop:v2 be deployed to example?',
    'A person has to answer, until ',
    'approve reject pause rollback',
  ],
  ['watched', 'works', 'shop:v2 is being deployed: shift', NOTHING, 'pause promote rollback'],
  [
    'paused',
    'paused',
    'shop:v2 is paused by bob: lunch',
    'Somebody has to resume it',
    'resume promote rollback',
  ],
  ['released', 'live', 'shop:v2 was released', '', 'rollback'],
  ['going back', 'back', 'shop:v3 is being rolled back', NOTHING, 'rollback'],
  ['rolled back', 'rolled back', 'shop:v3 was rolled back', '', ''],
  ['rejected', 'rejected', 'shop:v2-lost was rejected', '', ''],
  [
    'stopped',
    'stopped',
    'shop:v2: its execution is over without an end, ABORTED',
    'Nothing yet: the workflow goes on',
    'rollback',
  ],
  [
    'needs a person',
    'operator',
    'shop:v2: its execution is over without an end, FAILED',
    'A person has to go on',
    'rollback',
  ],
  [
    'unknown',
    'unknown',
    'there is no deployment refused, or nothing is left of it',
    'Look at its name again.',
    '',
  ],
])('of one that is "%s" says %s: %s', (state, standing, outcome, expected, verbs) => {
  const head = headOf(state);
  expect([head.standing, head.outcome]).toEqual([standing, outcome]);
  expect(head.expected.slice(0, expected.length || undefined)).toBe(expected);
  expect(head.actions.map(({ verb }) => verb).join(' ')).toBe(verbs);
});

/** What a button says that it will do. */
const doesOf = (state: string, verb: string, more: Partial<Seen> = {}) =>
  headOf(state, more)
    .actions.find((one) => one.verb === verb)
    ?.does.join('\n') ?? '';

it('says of a yes what was asked, with all that one has to know', () => {
  const does = doesOf('asks', 'approve');
  expect(does).toMatch(/^Yes to: shop: may shop:v2 be deployed to example\?\nrelease: /);
  expect(does).toContain('you are asked because the request asks for one');
  expect(does).toContain('the first answer counts');
});

it('says of a pause which share green keeps, and of a promotion which one it gets and for what the asker answers', () => {
  expect(doesOf('at work', 'pause')).toMatch(
    /^It goes on until green has its first 10 % of the traffic, and stays there/,
  );
  expect(doesOf('watched', 'pause')).toMatch(/^Green keeps its 10 % of the traffic from the next look on/);
  const does = doesOf('watched', 'promote');
  expect(does).toMatch(/^Green gets 100 % of the traffic at its next look, instead of 10 %\./);
  expect(does).toContain('You answer for what is undecided: ');
  expect(does).toContain('rolled back all the same');
});

it('says of a rollback who is moved, what is stopped, and whether the schema is touched', () => {
  expect(doesOf('at work', 'rollback')).toMatch(
    /^The execution that is at work is stopped first\.\nNo user has reached shop:v2 yet: the previous version goes on serving\.\nshop:v2 is stopped\.\nMigrations have run: what becomes of the schema is decided/,
  );
  expect(doesOf('watched', 'rollback')).toContain('All users go back to the previous version at once.');
  expect(doesOf('released', 'rollback')).toMatch(
    /^The previous version is started where it does not run any more, and then serves all traffic again\./,
  );
});

it('says why one cannot be rolled back any more', () => {
  const seen = seenOf('released');
  const { releasedAt = '' } = seen.standing?.recorded ?? {};
  const later = new Date(Date.parse(releasedAt) + 400 * 86_400_000);
  const head = headOf('released', { now: later });
  expect(head.actions).toEqual([]);
  expect(head.unless).toMatch(/^its rollback window of \d+ s ended at /);
});

it('shows blue and green by what they are in this deployment, with the shares that the rule gives', () => {
  const seen = seenOf('released');
  const { split } = viewOf(seen);
  expect(split?.sides.map(({ side, slot, percent }) => [side, slot, percent])).toEqual([
    ['blue', 'a', 0],
    ['green', 'b', 100],
  ]);
  const standing = seen.standing && { ...seen.standing, rule: { strange: 'somebody added an action' } };
  const strange = viewOf({ ...seen, standing }).split;
  expect([strange?.strange, strange?.sides[0]?.percent]).toEqual(['somebody added an action', null]);
});

it('draws requests, errors, unanswered and latency of both sides over the same periods, with phases and shifts marked', () => {
  const seen = seenOf('watched');
  const period = (until: number, more: object = {}) => ({
    ...{ until: until * 1000, requests: 100, errors: 0, clientErrors: 0, unanswered: 0, p50: 0.01, p99: 0.1 },
    ...more,
  });
  const begun = Date.parse(seen.rows[0]?.at ?? '') / 1000;
  const { charts } = viewOf({
    ...seen,
    periods: {
      a: [period(begun + 60), period(begun + 120)],
      b: [period(begun + 120, { requests: 10, errors: 3, unanswered: 1, p50: undefined, p99: undefined })],
    },
  });
  expect(charts?.times).toEqual([begun + 60, begun + 120]);
  expect(
    charts?.charts.map(({ name, series }) => [
      name,
      ...series.map(({ side, of, values }) => [side, of, ...values]),
    ]),
  ).toEqual([
    ['Requests', ['blue', '', 100, 100], ['green', '', null, 10]],
    ['Errors', ['blue', '', 0, 0], ['green', '', null, 3]],
    ['Unanswered', ['blue', '', 0, 0], ['green', '', null, 1]],
    [
      'Latency',
      ['blue', 'p50', 10, 10],
      ['green', 'p50', null, null],
      ['blue', 'p99', 100, 100],
      ['green', 'p99', null, null],
    ],
  ]);
  const marks = charts?.marks.map(({ text }) => text);
  expect(marks).toEqual(expect.arrayContaining(['expand', 'shift', '10 % to green']));
});

it('draws no charts before anything was published, and none of a service that answers nobody', () => {
  expect(viewOf({ ...seenOf('watched'), periods: {} }).charts).toBeNull();
});

it('shows the newest evidence of each kind with its verdicts and numbers, the newest first', () => {
  const { evidence } = viewOf(seenOf('rolled back'));
  expect(evidence.map(({ title, verdict }) => [title, verdict])).toEqual([
    ['Green under traffic', 'unhealthy'],
    ['Tests of green', 'healthy'],
    ['The database before', 'healthy'],
  ]);
  const errors = evidence[0]?.pieces.find(({ of }) => of === 'errors');
  expect(errors).toMatchObject({
    verdict: 'unhealthy',
    because: expect.stringMatching(/^green \d+ of \d+ requests failed/),
  });
  expect(errors?.numbers).toEqual(expect.arrayContaining([['green', expect.stringMatching(/^\d+ \/ \d+$/)]]));
});

it('shows migrations with class, lock and who waits, and what ran with its times', () => {
  const running = viewOf(seenOf('at work')).migrations;
  expect(running?.migrations).toEqual([
    {
      id: '20260112090000',
      when: 'before users reach green',
      class: 'expand',
      locks: 'ACCESS EXCLUSIVE on public.orders',
      blocks: 'reads and writes',
      state: 'running',
    },
  ]);
  expect(running?.runs.map(({ what, state }) => [what, state])).toEqual([
    ['snapshot', 'succeeded'],
    ['migrations', 'running'],
  ]);
  const released = viewOf(seenOf('released')).migrations;
  expect(released?.migrations[0]?.state).toBe('applied');
  expect(released?.runs.every(({ began, ended }) => ended > began)).toBe(true);
  expect(viewOf(seenOf('rolled back')).migrations).toBeNull();
});

it('says of what was refused why, and that nothing of it ran', () => {
  const { migrations } = viewOf(seenOf('rejected'));
  expect(migrations?.remarks.join()).toContain('the migration history does not fit this release');
  expect(migrations?.runs).toEqual([]);
});

it('shows nothing that the journal keeps for the graph alone, least of all a secret', () => {
  for (const state of Object.keys(STATES)) {
    const text = JSON.stringify(viewOf(seenOf(state)));
    expect(text).not.toMatch(/arn:aws:secretsmanager|token|password/i);
  }
});
