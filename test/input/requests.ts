import { below, oneOf } from '../local/endpoint/random';
import { FIELDS, type Field, type Known, REQUIRED } from './fields';
import { anything, EDGES, INJECTIONS, KEYS, nested, type Random, text, UNPRINTABLE } from './nasty';

/** A request as it is sent: JSON text, because not all that can be sent can be held in a value. */
export interface Sent {
  text: string;
}
/** A request that must be rejected, why, and the paths one of which the message must name: `request.image`. */
export interface Bad extends Sent {
  why: string;
  paths: readonly string[];
}

type Value = Record<string, unknown>;

/** A copy with one member set, own property or not what JavaScript makes of the name. */
function withMember(value: unknown, [first, ...rest]: readonly string[], member: unknown): Value {
  const under = Object.entries((value ?? {}) as Value).filter(([key]) => key !== first);
  const inner = (value as Value | undefined)?.[first!];
  const next = rest.length === 0 ? member : withMember(inner, rest, member);
  return Object.fromEntries([...under, [first!, next]]);
}

const json = (value: unknown): Sent => ({ text: JSON.stringify(value) });
const named = ({ path }: Field) => `request.${path.join('.')}`;

function goodValue(random: Random, known: Known): Value {
  const optional = FIELDS.filter(({ path }) => !REQUIRED.includes(path[0]!));
  const chosen = [
    ...FIELDS.filter(({ path }) => REQUIRED.includes(path[0]!)),
    ...(random() < 0.1 ? optional : optional.filter(() => random() < 0.25)),
  ];
  return chosen.reduce<Value>((value, { path, good }) => withMember(value, path, good(random, known)), {});
}

/** A request that is odd and allowed. */
export const goodRequest = (random: Random, known: Known): Sent => json(goodValue(random, known));

/** Each breaks a good request in one way, or is none. */
const BREAKS: readonly ((random: Random, known: Known, good: Value) => Bad)[] = [
  function wrongValue(random, known, good) {
    const field = oneOf(random, FIELDS);
    return {
      ...json(withMember(good, field.path, field.bad(random, known))),
      why: 'a field with a value that it does not take',
      paths: [named(field)],
    };
  },
  function wrongValues(random, known, good) {
    const fields = Array.from({ length: 2 + below(random, 6) }, () => oneOf(random, FIELDS));
    const broken = fields.reduce<Value>(
      (value, { path, bad }) => withMember(value, path, bad(random, known)),
      good,
    );
    return {
      ...json(broken),
      why: 'several fields with values that they do not take',
      paths: fields.map(named),
    };
  },
  function missing(random, _known, good) {
    const name = oneOf(random, REQUIRED);
    return {
      ...json(Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))),
      why: 'a field is missing',
      paths: [`request.${name}`],
    };
  },
  function unknownKey(random, _known, good) {
    const group = oneOf(random, ['', '', '', 'linear', 'thresholds', 'rollback', 'deadlines']);
    const key = oneOf(random, [
      () => oneOf(random, KEYS),
      () => oneOf(random, INJECTIONS),
      () => oneOf(random, UNPRINTABLE),
      () => text(random),
    ])();
    const path = group === '' ? [key] : [group, key];
    return {
      ...json(withMember(good, path, anything(random))),
      why: 'a key that there is not',
      paths: [group === '' ? 'request' : `request.${group}`],
    };
  },
  function manyKeys(random, _known, good) {
    const count = oneOf(random, [20, 300, 3000]);
    const keys = Array.from({ length: count }, (_, index) => [`key ${index}`, index]);
    return {
      ...json({ ...good, ...Object.fromEntries(keys) }),
      why: 'many keys that there are not',
      paths: ['request'],
    };
  },
  function noRequest(random, _known, good) {
    return {
      ...json(
        oneOf<unknown>(random, [
          null,
          true,
          below(random, 100),
          oneOf(random, EDGES),
          text(random),
          oneOf(random, UNPRINTABLE),
          [],
          [good],
          [[good]],
          JSON.stringify(good),
          {},
          { request: good },
          { detail: good },
          { Input: good },
        ]),
      ),
      why: 'no request at all',
      paths: ['request'],
    };
  },
  function deep(random, _known, good) {
    const { path } = oneOf(random, FIELDS);
    const marked = JSON.stringify(withMember(good, path, '<deep>'));
    return { text: marked.replace('"<deep>"', nested(random)), why: 'nested deeply', paths: ['request'] };
  },
  function twice(random, known, good) {
    const field = oneOf(random, FIELDS);
    const second = JSON.stringify(withMember({}, field.path, field.bad(random, known))).slice(1);
    return {
      text: `${JSON.stringify(good).slice(0, -1)},${second}`,
      why: 'a key twice, the last time with a value that it does not take',
      paths: [`request.${field.path[0]}`],
    };
  },
  function infinite(random, _known, good) {
    const field = oneOf(random, FIELDS);
    const marked = JSON.stringify(withMember(good, field.path, '<number>'));
    const number = oneOf(random, ['1e999', '-1e999', '1E+400', '0.1e400', `${'9'.repeat(400)}`]);
    return {
      text: marked.replace('"<number>"', number),
      why: 'a number beyond all numbers',
      paths: [named(field)],
    };
  },
  function elsewhere(random, { repository }, good) {
    const foreign = oneOf(random, [
      repository.replace(/^\d+/, '999999999999'),
      repository.replace(/\.[a-z]+-[a-z]+-\d\./, '.ap-south-2.'),
      repository.replace(/\/.*$/, '/wiki'),
      'docker.io/library/shop',
      'evil.example.org:443/shop',
      'wiki',
      'shop/shop',
    ]);
    return {
      ...json({ ...good, image: `${foreign}:v2` }),
      why: "somebody else's image",
      paths: ['request.image'],
    };
  },
  function absentImage(random, { repository }, good) {
    const reference = oneOf(random, [':v99', ':latest', `@sha256:${'0'.repeat(64)}`, ':V2', ':v2.']);
    return {
      ...json({ ...good, image: `${oneOf(random, ['shop', repository])}${reference}` }),
      why: 'an image that nobody has pushed',
      paths: ['request.image'],
    };
  },
  function foreignManifest(random, { manifests }, good) {
    const [, bucket = ''] = /^s3:\/\/([^/]+)/.exec(manifests) ?? [];
    const manifest = oneOf(random, [
      's3://somebody-elses-bucket/shop/a.json',
      `s3://${bucket}/a.json`,
      `s3://${bucket}/shop-2/a.json`,
      `s3://${bucket}.evil.example.org/shop/a.json`,
      `${manifests}/../wiki/a.json`,
      `${manifests}/./../../a.json`,
      `${manifests}/%2e%2e/a.json`.replace('%2e%2e', '..'),
      `${manifests}/`,
      `${manifests}`,
      `${manifests}/a.json/..`,
      `${manifests}//a.json`,
      `s3://${bucket}@evil.example.org/shop/a.json`,
      `s3://arn:aws:s3:us-east-1:999999999999:accesspoint/evil/shop/a.json`,
      's3://169.254.169.254/latest/meta-data',
    ]);
    const digest = `sha256:${'0a'.repeat(32)}`;
    return {
      ...json({ ...good, migrations: { manifest, digest } }),
      why: 'a manifest that does not belong to the service',
      paths: ['request.migrations'],
    };
  },
  function endless(random, _known, good) {
    const own = oneOf<[Value, string]>(random, [
      [{ strategy: 'LINEAR', linear: { percent: 5, seconds: 86_400 } }, 'request.bakeSeconds'],
      [{ deadlines: { greenSeconds: 604_800 } }, 'request.bakeSeconds'],
      [
        {
          bakeSeconds: 1,
          strategy: 'ALL_AT_ONCE',
          thresholds: { periodSeconds: 86_400, latencyIncrease: 0.5 },
        },
        'request.bakeSeconds',
      ],
    ]);
    return { ...json({ ...good, ...own[0] }), why: 'it could never end well', paths: [own[1]] };
  },
  function badResume(random, known) {
    const good = { resume: 'rollback', deploymentId: 'release-7', requestedBy: 'ann', reason: 'a ticket' };
    const [path, value] = oneOf<[string, unknown]>(random, [
      ['resume', oneOf<unknown>(random, ['', 'Rollback', null, true, 1, {}, [], text(random)])],
      [
        'deploymentId',
        oneOf<unknown>(random, [
          '',
          'x'.repeat(81),
          'x'.repeat(5000),
          null,
          7,
          {},
          ['release-7'],
          text(random),
          oneOf(random, UNPRINTABLE),
        ]),
      ],
      ['reason', oneOf<unknown>(random, ['', null, 7, 'x'.repeat(501), oneOf(random, UNPRINTABLE)])],
      ['requestedBy', oneOf<unknown>(random, ['', null, 7, 'x'.repeat(201), oneOf(random, UNPRINTABLE)])],
      [oneOf(random, KEYS), anything(random)],
      ['image', `shop:${known.tags[0]}`],
    ]);
    const isField = Object.hasOwn(good, path);
    return {
      ...json(withMember(good, [path], value)),
      why: 'a rollback that cannot be understood, or of nothing that there is',
      paths: isField ? [`request.${path}`] : ['request'],
    };
  },
];

/** A request that must be rejected. Each way of being wrong is as likely as the others, and single fields twice. */
export function badRequest(random: Random, known: Known): Bad {
  const broken = oneOf(random, [...BREAKS, BREAKS[0]!, BREAKS[0]!, BREAKS[1]!]);
  return broken(random, known, goodValue(random, known));
}
