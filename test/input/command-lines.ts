import { below, oneOf } from '../local/endpoint/random';
import { INJECTIONS, KEYS, long, ODD, type Random, text, UNPRINTABLE } from './nasty';

/** A command line that must be refused before anything is asked or written, and why. */
export interface CommandLine {
  args: string[];
  why: string;
}

const SAID = ['approve', 'reject', 'pause', 'promote', 'resume', 'rollback'];
const READS = ['check', 'plan', 'bundle', 'config'];
/** A document or a folder that is good is no reason to go on where the rest of the line is bad. */
const PLACE = 'examples/shop/db/v1';

const good = (deployment = 'release-7', reason = 'a ticket', by = 'ann', workflow = 'Shop') => [
  deployment,
  '--workflow',
  workflow,
  '--reason',
  reason,
  '--by',
  by,
];

const nothing = (random: Random) => oneOf(random, ['', ' ', '\t\n']);
const raw = (random: Random) => `${oneOf(random, ODD)}${oneOf(random, UNPRINTABLE)}`;
const option = (random: Random) =>
  `--${oneOf(random, [...KEYS.filter((key) => /^\w/.test(key)), 'output', 'exec', 'x\u001b[2J', long(random)])}`;

const BREAKS: readonly ((random: Random) => CommandLine)[] = [
  function verb(random) {
    const word = oneOf(random, [
      () => oneOf(random, INJECTIONS),
      () => oneOf(random, UNPRINTABLE),
      () => oneOf(random, KEYS),
      () => oneOf(random, [...SAID, ...READS]).toUpperCase(),
      () => long(random).slice(0, 50_000),
    ])();
    return { args: [word, ...(random() < 0.5 ? good() : [])], why: 'there is no such verb' };
  },
  function deployment(random) {
    const name = oneOf(random, [
      () => nothing(random),
      () => raw(random),
      () => 'x'.repeat(81),
      () => `release 7`,
      () => `release\n${oneOf(random, INJECTIONS)}`,
      () => long(random),
    ])();
    const why = 'no deployment has that name';
    const asks = oneOf(random, ['report', 'watch']);
    if (random() < 0.2) return { args: [asks, '--workflow', 'Shop', '--', name], why };
    const [, ...rest] = good();
    return { args: [oneOf(random, SAID), ...rest, '--', name], why };
  },
  function deployments(random) {
    const more = Array.from({ length: 1 + below(random, 3) }, () => oneOf(random, ['a', 'b', 'c']));
    return { args: [oneOf(random, SAID), ...good(), ...more], why: 'more than one deployment' };
  },
  function left(random) {
    const lines = [
      good().slice(1),
      ['release-7', '--reason', 'a ticket'],
      ['release-7', '--workflow', 'Shop'],
      ['release-7', '--workflow', 'Shop', '--reason'],
      [],
    ];
    return { args: [oneOf(random, SAID), ...oneOf(random, lines)], why: 'something is left out' };
  },
  function workflow(random) {
    const name = oneOf(random, [
      () => nothing(random),
      () =>
        `Shop${oneOf(
          random,
          INJECTIONS.filter((one) => /[^\w.-]/.test(one)),
        )}`,
      () => oneOf(random, ['../Shop', '/Shop', 'Shop/shop', 'Shop:1', 'Shop shop', 'x'.repeat(129)]),
      () => raw(random),
    ])();
    const verb = oneOf(random, [...SAID, 'report']);
    const reason = verb === 'report' ? [] : ['--reason', 'a ticket'];
    return { args: [verb, 'release-7', `--workflow=${name}`, ...reason], why: 'no stack has that name' };
  },
  function reason(random) {
    const words = oneOf(random, [
      () => nothing(random),
      () => raw(random),
      () => 'x'.repeat(501),
      () => `${long(random)}${'y'.repeat(501)}`,
    ])();
    return {
      args: [oneOf(random, SAID), 'release-7', '--workflow', 'Shop', `--reason=${words}`],
      why: 'no reason that can be kept',
    };
  },
  function by(random) {
    const who = oneOf(random, [() => nothing(random), () => raw(random), () => 'x'.repeat(201)])();
    return {
      args: [oneOf(random, SAID), 'release-7', '--workflow', 'Shop', '--reason', 'r', `--by=${who}`],
      why: 'nobody has that name',
    };
  },
  function request(random) {
    const wrong = oneOf(random, [
      () => ['--image', oneOf(random, ['shop', 'shop:', ':v2', 'shop:v 2', 'shop@sha256:12', raw(random)])],
      () => ['--service', oneOf(random, [nothing(random), 'shop shop', 'x'.repeat(64), raw(random)])],
      () => ['--reason', oneOf(random, [nothing(random), 'x'.repeat(501), raw(random)])],
      () => ['--by', oneOf(random, [nothing(random), 'x'.repeat(201), raw(random)])],
      () => ['--name', oneOf(random, [nothing(random), 'x'.repeat(81), 'release 7', raw(random)])],
      () => [
        `--${oneOf(random, ['strategy', 'migrations', 'on-busy', 'validation', 'canary-percent', 'bake-seconds'])}`,
        oneOf(random, ['sometimes', 'CANARY ', ...INJECTIONS.filter((one) => !one.startsWith('-'))]),
      ],
      () => ['--accept', oneOf(random, ['', 'x'.repeat(201), raw(random)])],
    ])();
    const line = ['--workflow', 'Shop', '--service', 'shop', '--image', 'shop:v2', '--reason', 'a ticket'];
    return { args: ['deploy', ...line, ...wrong], why: 'no request that could be carried out' };
  },
  function look(random) {
    const line = oneOf(random, [
      [
        'history',
        `--since=${oneOf(random, ['yesterday', '7', '-1d', '2026-13-45', nothing(random), raw(random)])}`,
      ],
      ['history', `--limit=${oneOf(random, ['0', '-1', '1.5', 'all', '1e3', nothing(random), raw(random)])}`],
      [oneOf(random, ['status', 'history']), 'shop', oneOf(random, ['wiki', '7'])],
      ['lock', oneOf(random, ['drop', 'RELEASE', ...KEYS.filter((key) => /^\w/.test(key))])],
      [
        'lock',
        'release',
        'shop',
        `--reason=${oneOf(random, [nothing(random), 'x'.repeat(501), raw(random)])}`,
      ],
      ['lock', 'release', '--reason', 'a ticket'],
    ]);
    return { args: [...line, '--workflow', 'Shop'], why: 'nothing that can be looked at' };
  },
  function unknownOption(random) {
    const verb = oneOf(random, [...SAID, ...READS, 'report', 'watch', 'deploy', 'local']);
    return { args: [verb, option(random), text(random).slice(0, 50_000)], why: 'there is no such option' };
  },
  function flagWithValue(random) {
    return {
      args: [oneOf(random, [...READS, 'report']), `--json=${text(random).slice(0, 50_000)}`],
      why: 'a flag takes no value',
    };
  },
  function places(random) {
    const line = oneOf(random, [
      [oneOf(random, READS), PLACE, oneOf(random, ODD)],
      ['check', PLACE, `--format=${oneOf(random, [...INJECTIONS, ...UNPRINTABLE])}`],
      ['plan', PLACE, `--as=${oneOf(random, [...INJECTIONS, ...UNPRINTABLE, ...KEYS])}`],
      [
        oneOf(random, ['check', 'plan', 'bundle']),
        PLACE,
        `--tool=${oneOf(random, [...INJECTIONS, ...UNPRINTABLE])}`,
      ],
      ['bundle', PLACE, '--out', 'x', '--s3', 's3://a/b'],
      ['check', PLACE, '--database', 'postgres://nobody@127.0.0.1:9/x', '--tables', 'new'],
    ]);
    return { args: line, why: 'an argument that the verb does not take' };
  },
];

export const badCommandLine = (random: Random): CommandLine => oneOf(random, BREAKS)(random);

/** One that is odd and can be understood: it fails only because no AWS answers where it asks. */
export const goodCommandLine = (random: Random): string[] => [
  oneOf(random, SAID),
  ...good(
    oneOf(random, ['release-7', "it's", 'é', '(a)', '7']),
    oneOf(random, [
      ...INJECTIONS.filter((one) => !one.startsWith('-')),
      ...ODD.filter((one) => !one.startsWith('-')),
      'first\nsecond',
    ]),
  ),
];
