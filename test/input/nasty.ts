import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { below, oneOf } from '../local/endpoint/random';

export type Random = () => number;

/** A file that exists once a shell has run one of the texts. */
export const CANARY_FILE = join(tmpdir(), `greenlight-canary-${process.pid}`);
/** A table that exists once a database has run one of them. */
export const CANARY_TABLE = 'greenlight_canary';

const CREATE = `CREATE TABLE ${CANARY_TABLE}(x int)`;

/** Texts that are code somewhere: in SQL, a shell, JSONata, HTML, a template, a path, a format. All are printable. */
export const INJECTIONS: readonly string[] = [
  `'; DROP TABLE orders; --`,
  `'; ${CREATE}; --`,
  `"; ${CREATE}; --`,
  `$$; ${CREATE}; $$`,
  `1); ${CREATE}; --`,
  `\\'; ${CREATE}; --`,
  `' OR '1'='1`,
  `shop:v2'; SELECT pg_sleep(10); --`,
  `$(touch ${CANARY_FILE})`,
  `\`touch ${CANARY_FILE}\``,
  `; touch ${CANARY_FILE} #`,
  `| touch ${CANARY_FILE}`,
  `&& touch ${CANARY_FILE}`,
  `" $(touch ${CANARY_FILE}) "`,
  `' $(touch ${CANARY_FILE}) '`,
  `--output=${CANARY_FILE}`,
  `-e require("fs").writeFileSync("${CANARY_FILE}","")`,
  '{% $uuid() %}',
  '{% $states.context.Execution.Id %}',
  '{% $eval("1+1") %}',
  '{% $error("mine") %}',
  "{% $states.input.request {'valid': true} %}",
  '$.detail',
  '$$.Execution.Id',
  "States.Format('{}', $.reason)",
  '${ValidateRequest}',
  '${env:AWS_SECRET_ACCESS_KEY}',
  '{{resolve:secretsmanager:shop:SecretString:password}}',
  '{{constructor.constructor("return process")()}}',
  '<script>alert(1)</script>',
  `"><img src=x onerror=alert(1)>`,
  `'><svg onload=alert(1)>`,
  '</title></style><script>alert(1)</script>',
  'javascript:alert(1)',
  '<!channel> <@U012AB3CD> *bold* <https://example.org|click>',
  '[a link](https://example.org)',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '/etc/passwd',
  'file:///etc/passwd',
  'http://169.254.169.254/latest/meta-data/',
  '%s%s%s%n',
  '%00',
  '#{7*7}',
  '=HYPERLINK("https://example.org")',
  'NaN',
  'Infinity',
  'null',
  'undefined',
  'true',
  '0',
  '__proto__',
  'constructor',
  'arn:aws:lambda:us-east-1:999999999999:function:evil',
  'arn:aws:ecs:eu-west-1:999999999999:task-definition/evil:1',
  'arn:aws:secretsmanager:eu-west-1:999999999999:secret:evil-AbCdEf',
  's3://somebody-elses-bucket/manifest.json',
];

/** Texts that no reader sees as they are: they drive a terminal, begin a line in a log, or are no text. */
export const UNPRINTABLE: readonly string[] = [
  '\u0000',
  'a\u0000b',
  '\u001b[2J\u001b[1;1H',
  '\u001b]0;title\u0007',
  '\u001b]8;;https://example.org\u001b\\click\u001b]8;;\u001b\\',
  '\u009b31mred',
  '\u0008\u0008\u0008',
  '\u007f',
  'ok\u001b[1A\u001b[2KDeploymentSucceeded',
  '\ud800',
  'half \udc00 a pair',
  '\u202egnp.exe',
  '\u2066isolated\u2069',
];

/** Texts of many lines: an entry of a log that somebody else wrote. */
export const LINES: readonly string[] = [
  'first\nERROR a second line',
  'first\r\n{"level":"error"}',
  'first\u2028second',
  'a\tb',
];

/** Printable texts that a careless program breaks on. */
export const ODD: readonly string[] = [
  'é😀日本',
  '👩‍👩‍👧‍👦',
  'Z̷̡̪a̴͎l̵g̶o̵',
  'עברית عربى',
  'ﷺ',
  '0x10',
  '1e3',
  '-0',
  `it's "quoted"`,
  '\\',
  '%',
  '&amp;',
];

/** Names that mean something to JavaScript, or to JSONata's implementation. */
export const KEYS: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'toJSON',
  'then',
  'length',
  'sequence',
  'keepSingleton',
  'tupleStream',
  '_jsonata_lambda',
  '_jsonata_function',
  '',
  ' service',
  'Service',
  'SERVICE',
  'servісe',
  '$ref',
  '$schema',
  'loadBalancer',
  'taskDefinition',
  'smokeTests',
  'secret',
  'settings',
  'limits',
  'cluster',
  'command',
  'revertCommand',
];

/** Numbers at the edges of what programs count with; none is a sensible number of anything. */
export const EDGES: readonly number[] = [
  -1,
  -0.5,
  1e308,
  -1e308,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 2,
  Number.MIN_SAFE_INTEGER,
  2 ** 63,
  1e21,
  -1e-300,
];

export const LENGTHS = [501, 1000, 5000, 40_000, 200_000] as const;

/** A long text; long ones are rare, because they are slow everywhere. */
export function long(random: Random): string {
  const length = LENGTHS[Math.floor(random() ** 3 * LENGTHS.length)]!;
  const piece = oneOf(random, ['x', 'é', '😀', 'a b ', `'"`, '\\', '{%', '<', ...INJECTIONS]);
  return piece
    .repeat(Math.ceil(length / piece.length))
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '');
}

/** Some text of all kinds. */
export const text = (random: Random): string =>
  oneOf(random, [() => oneOf(random, INJECTIONS), () => oneOf(random, ODD), () => long(random), () => ''])();

/** `depth` arrays or objects in each other, as JSON: building the value itself would be slow. */
export const nested = (random: Random): string => {
  const depth = oneOf(random, [5, 50, 900, 5_000, 40_000]);
  const [open, close] = oneOf(random, [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  return `${open.repeat(depth)}0${close.repeat(depth)}`;
};

/** Some JSON value, small. */
export function anything(random: Random, depth = 0): unknown {
  const scalars = [
    () => null,
    () => true,
    () => false,
    () => below(random, 1000),
    () => oneOf(random, EDGES),
    () => text(random),
    () => oneOf(random, UNPRINTABLE),
  ];
  if (depth > 2) return oneOf(random, scalars)();
  const size = below(random, 4);
  return oneOf<() => unknown>(random, [
    ...scalars,
    () => Array.from({ length: size }, () => anything(random, depth + 1)),
    () =>
      Object.fromEntries(
        Array.from({ length: size }, () => [oneOf(random, KEYS), anything(random, depth + 1)]),
      ),
  ])();
}
