import { askable, busyAnswers } from '../../src/domain/settings/choices';
import type { Settings } from '../../src/domain/settings/settings';
import { APPROVAL_LIMIT_SECONDS, EXECUTION_TIMEOUT_SECONDS } from '../../src/domain/time/limits';
import { levels } from '../../src/domain/validation/check';
import { below, oneOf } from '../local/endpoint/random';
import { EDGES, INJECTIONS, LINES, long, ODD, type Random, text, UNPRINTABLE } from './nasty';

/** What a request may speak of in the world that it is sent to. */
export type Known = Pick<Settings, 'service' | 'environment' | 'repository'> & {
  /** `s3://bucket/prefix` of the service's manifests. */
  manifests: string;
  /** Tags that the repository has. */
  tags: readonly string[];
};

/** A field of a request: values that it takes, and some that it does not. */
export interface Field {
  path: readonly string[];
  good(random: Random, known: Known): unknown;
  /** Without a value in a million that is good by chance: each is wrong for a reason. */
  bad(random: Random, known: Known): unknown;
}

/** Values of every JSON type but one. */
const others = (type: string) => (random: Random) =>
  oneOf(
    random,
    ([null, true, false, 7, 'text', [], {}, ['run'], { a: 1 }] as unknown[]).filter(
      (value) => typeof value !== type || value === null,
    ),
  );

const oneOfThese = (path: string, values: readonly string[]): Field => ({
  path: path.split('.'),
  good: (random) => oneOf(random, values),
  bad: (random) =>
    oneOf<() => unknown>(random, [
      () =>
        oneOf(random, values)
          .toLowerCase()
          .replace(/^./, (first) => first.toUpperCase()),
      () => `${oneOf(random, values)} `,
      () => text(random),
      () => oneOf(random, UNPRINTABLE),
      () => others('string')(random),
      () => [oneOf(random, values)],
    ])(),
});

interface Bounds {
  from: number;
  to: number;
  /** What works out together with any other field, where the bounds themselves may not. */
  usual?: readonly [from: number, to: number];
  /** The smallest step between two values. */
  whole?: boolean;
  /** The lower bound itself is too small. */
  open?: boolean;
}

const between = (random: Random, [from, to]: readonly [number, number], whole: boolean) =>
  whole ? from + below(random, to - from + 1) : from + (to - from) * (0.001 + random() * 0.999);

const number = (path: string, { from, to, usual, whole = true, open = false }: Bounds): Field => ({
  path: path.split('.'),
  good: (random) => {
    const [first, last] = usual ?? [open ? from + (to - from) / 1e6 : from, to];
    return oneOf(random, [first, last, between(random, [first, last], whole)]);
  },
  bad: (random) =>
    oneOf<() => unknown>(random, [
      () => oneOf(random, [...EDGES, open ? from : from - 1, to + 1, ...(whole ? [from + 0.5] : [])]),
      () => oneOf(random, ['1', 'NaN', 'Infinity', '', '0x10', '1e3']),
      () => text(random),
      () => others('number')(random),
    ])(),
});

const boolean = (path: string): Field => ({
  path: path.split('.'),
  good: (random) => random() < 0.5,
  bad: (random) => oneOf<unknown>(random, ['true', 'false', 0, 1, null, [], [true], {}, text(random)]),
});

/** Words of a person: what is printable is taken as it is, code or not. */
const words = (path: string, longest: number): Field => ({
  path: [path],
  good: (random) => {
    const value = oneOf(random, [
      () => oneOf(random, INJECTIONS),
      () => oneOf(random, ODD),
      () => oneOf(random, LINES),
      () =>
        long(random)
          .trim()
          .slice(0, longest)
          .replace(/[\ud800-\udbff]$/, '') || 'x',
      () => 'x'.repeat(longest),
      () => '😀'.repeat(longest / 2),
    ])();
    return value;
  },
  bad: (random) =>
    oneOf<() => unknown>(random, [
      () => '',
      () => oneOf(random, [' ', '\n', '\t \n', '\u00a0']),
      () => 'x'.repeat(longest + 1),
      () => `${oneOf(random, UNPRINTABLE)}${oneOf(random, ODD)}`,
      () => `a reason ${oneOf(random, UNPRINTABLE)}`,
      () => `${long(random)}${'y'.repeat(longest)}`,
      () => others('string')(random),
    ])(),
});

const DIGEST = `sha256:${'0a'.repeat(32)}`;

const image: Field = {
  path: ['image'],
  good: (random, { repository, tags }) => {
    const tag = oneOf(random, tags);
    return oneOf(random, [`${repository.split('/').at(-1)}:${tag}`, `${repository}:${tag}`]);
  },
  bad: (random, { repository, tags }) =>
    oneOf<() => unknown>(random, [
      () => text(random),
      () => `shop:${oneOf(random, INJECTIONS)}`,
      () => `${oneOf(random, INJECTIONS)}:${tags[0]}`,
      () => `shop:${tags[0]}${oneOf(random, UNPRINTABLE)}`,
      () => `shop:${tags[0]}\n`,
      () => `shop@sha256:${'A'.repeat(64)}`,
      () => `shop@sha256:${'0'.repeat(63)}`,
      () => `shop:${'v'.repeat(129)}`,
      () => `shop:${tags[0]}@${DIGEST}`,
      () => `https://${repository}:${tags[0]}`,
      () => `arn:aws:ecs:eu-west-1:${below(random, 1e12)}:task-definition/shop:${below(random, 100)}`,
      () => `${'a/'.repeat(100_000)}shop:${tags[0]}`,
      () => `${'a:'.repeat(50_000)}`,
      () => others('string')(random),
    ])(),
};

const service: Field = {
  path: ['service'],
  good: (_random, known) => known.service,
  bad: (random) =>
    oneOf<() => unknown>(random, [
      () => text(random),
      () => `shop${oneOf(random, INJECTIONS)}`,
      () => `shop${oneOf(random, UNPRINTABLE)}`,
      () =>
        oneOf(random, [
          'shop/..',
          '../Shop',
          '/greenlight/Shop',
          'shop*',
          'shop\n',
          ' shop',
          'ѕhop',
          '-shop',
        ]),
      () => 's'.repeat(64),
      () => `arn:aws:ecs:eu-west-1:${below(random, 1e12)}:service/evil/shop`,
      () => others('string')(random),
    ])(),
};

const migrations: Field = {
  path: ['migrations'],
  good: (random, { manifests }) =>
    oneOf<unknown>(random, [
      'run',
      'none',
      {
        manifest: `${manifests}/${oneOf(random, ['a.json', 'x/y/z.json', 'é 😀.json', "it's; (odd).json"])}`,
        digest: DIGEST,
      },
    ]),
  bad: (random, { manifests }) =>
    oneOf<() => unknown>(random, [
      () => text(random),
      () => others('string')(random),
      () => ({}),
      () => ({ manifest: `${manifests}/a.json` }),
      () => ({ digest: DIGEST }),
      () => ({ manifest: `${manifests}/a.json`, digest: DIGEST.toUpperCase() }),
      () => ({ manifest: `${manifests}/a.json`, digest: text(random) }),
      () => ({ manifest: `${manifests}/a.json`, digest: DIGEST, [text(random) || 'x']: 1 }),
      () => ({ manifest: text(random), digest: DIGEST }),
      () => ({ manifest: `${manifests}/${oneOf(random, UNPRINTABLE)}`, digest: DIGEST }),
      () => ({ manifest: `${manifests}/${'k'.repeat(1100)}`, digest: DIGEST }),
      () => ({ manifest: [`${manifests}/a.json`], digest: DIGEST }),
    ])(),
};

const accept: Field = {
  path: ['accept'],
  good: (random) =>
    Array.from({ length: oneOf(random, [0, 1, 3, 100]) }, () =>
      (oneOf(random, [...INJECTIONS, ...ODD, '20260119090000']) || 'x').slice(0, 200),
    ),
  bad: (random) =>
    oneOf<() => unknown>(random, [
      () => text(random) || 'x',
      () => [''],
      () => ['x'.repeat(201)],
      () => [others('string')(random)],
      () => [oneOf(random, UNPRINTABLE)],
      () => [oneOf(random, LINES)],
      () => Array.from({ length: oneOf(random, [101, 5000]) }, (_, index) => `${index}`),
      () => Array.from({ length: oneOf(random, [10, 5000]) }, () => null),
      () => ({ 0: 'a', length: 1 }),
      () => null,
    ])(),
};

const acceptAlarms: Field = {
  path: ['acceptAlarms'],
  good: () => [],
  bad: (random) =>
    oneOf<() => unknown>(random, [
      () => text(random) || 'x',
      () => [''],
      () => ['x'.repeat(256)],
      () => [others('string')(random)],
      () => [oneOf(random, UNPRINTABLE)],
      () => [`arn:aws:cloudwatch:eu-west-1:${below(random, 1e12)}:alarm:x`],
      () => ['an alarm that the service has not'],
      () => Array.from({ length: oneOf(random, [101, 5000]) }, (_, index) => `${index}`),
      () => null,
    ])(),
};

const notBefore: Field = {
  path: ['notBefore'],
  // long past, so that nobody waits
  good: (random) =>
    oneOf(random, ['2020-02-29T23:59:59Z', '2021-10-31T02:30:00+01:00', '2022-01-01T00:00:00.123-09:30']),
  bad: (random) =>
    oneOf<() => unknown>(random, [
      () => text(random),
      () => others('string')(random),
      () => oneOf(random, UNPRINTABLE),
      () => '2021-02-29T00:00:00Z',
      () => '2021-10-31T25:00:00Z',
      () => '2021-10-31T02:30:00',
      () => '2021-10-31',
      () => '2999-01-01T00:00:00Z',
      () => 'tomorrow at 22:00',
      () => null,
    ])(),
};

const DAY = 86_400;
const YEAR = 365 * DAY;
const share: Bounds = { from: 0, to: 1, whole: false };
const bake: Bounds = { from: 1, to: DAY, usual: [60, 1800] };
/** Late evidence needs periods of its own: a deadline of a second would leave too few. */
const evidence: Bounds = { from: 1, to: EXECUTION_TIMEOUT_SECONDS, usual: [60, 600] };
const deadline: Bounds = { from: 1, to: EXECUTION_TIMEOUT_SECONDS, usual: [1, 3600] };
/** Null has a meaning: what it limits is not judged, or only warns. */
const nullable = (field: Field): Field => ({
  ...field,
  good: (random, known) => (random() < 0.2 ? null : field.good(random, known)),
  bad: (random, known) => field.bad(random, known) ?? 'none',
});

/** Every field of a request, in no order. A test compares them with the schema's. */
export const FIELDS: readonly Field[] = [
  service,
  image,
  words('reason', 500),
  words('requestedBy', 200),
  { ...oneOfThese('environment', ['example']), good: (_random, { environment }) => environment },
  oneOfThese('strategy', askable),
  migrations,
  accept,
  acceptAlarms,
  oneOfThese('approval', ['required']),
  boolean('dryRun'),
  // with it all that is about a release is passed over, good or bad
  { ...oneOfThese('only', ['validation']), good: () => undefined },
  oneOfThese('validation', levels),
  number('canaryPercent', { from: 1, to: 99 }),
  number('linear.percent', { from: 5, to: 50 }),
  number('linear.seconds', bake),
  number('bakeSeconds', bake),
  number('thresholds.minimumRequests', { from: 0, to: 1e9 }),
  number('thresholds.errorRateIncrease', share),
  nullable(number('thresholds.clientErrorRateIncrease', share)),
  number('thresholds.errorRateCeiling', share),
  nullable(number('thresholds.latencyIncrease', { from: 0, to: 1000, whole: false, open: true })),
  number('thresholds.latencyWarning', { from: 0, to: 1000, whole: false, open: true }),
  number('thresholds.latencyFloorSeconds', { from: 0, to: 3600, whole: false }),
  { ...number('thresholds.periodSeconds', bake), good: (random) => oneOf(random, [1, 5, 10]) },
  number('thresholds.testRequests', { from: 0, to: 500 }),
  number('thresholds.connectionsCeiling', share),
  number('thresholds.blockedSeconds', { from: 0, to: DAY, whole: false, open: true }),
  number('thresholds.blockedCeiling', { from: 0, to: 1e6 }),
  number('thresholds.lagCeilingSeconds', { from: 0, to: DAY, whole: false, open: true }),
  number('rollback.windowSeconds', { from: 0, to: YEAR }),
  number('rollback.warmSeconds', { from: 0, to: YEAR }),
  number('rollback.automaticSeconds', { from: 0, to: YEAR }),
  number('rollback.confirmSeconds', { from: 0, to: YEAR }),
  number('rollback.timeoutSeconds', { from: 1, to: APPROVAL_LIMIT_SECONDS }),
  oneOfThese('rollback.onTimeout', ['operator', 'complete']),
  boolean('rollback.revertSchema'),
  ...['lock', 'snapshot', 'migration', 'contract', 'green', 'rollback'].map((phase) =>
    number(`deadlines.${phase}Seconds`, deadline),
  ),
  number('deadlines.evidenceSeconds', evidence),
  number('deadlines.pauseSeconds', { ...deadline, to: DAY }),
  oneOfThese('onBusy', busyAnswers),
  notBefore,
  words('outsideWindow', 500),
  number('expectedSeconds', { from: 1, to: DAY }),
];

export const REQUIRED: readonly string[] = ['service', 'image', 'reason'];
