import { patternProblem } from '../../../src/domain/privacy/patterns';
import { aroundLink, redacted, redaction, withoutPrivate } from '../../../src/domain/privacy/redaction';
import { stopReason } from '../../../src/domain/privacy/values';

describe('what leaves', () => {
  const redact = redaction(['CUST-\\d{4,9}', '[A-Z]{2}\\d{20}']);

  it.each([
    [
      'a connection string',
      'cannot reach postgres://shop:s3cr3t@db:5432/shop',
      'cannot reach postgres://shop:***@db:5432/shop',
    ],
    [
      'a password with signs',
      'see postgresql://shop:p@ss/w?rd#1@db/shop',
      'see postgresql://shop:***@db/shop',
    ],
    ['a password without a user', 'redis://:s3cr3t@cache', 'redis://:***@cache'],
    [
      "libpq's keywords",
      'host=db user=shop password=s3cr3t dbname=shop',
      'host=db user=shop password=*** dbname=shop',
    ],
    ['quoted keywords', "host=db password = 's3 cr\\'3t' x=1", "host=db password = '***' x=1"],
    [
      'JDBC',
      'jdbc:postgresql://db/shop?user=shop&password=s3cr3t&ssl=true',
      'jdbc:postgresql://db/shop?user=shop&password=***&ssl=true',
    ],
    ["libpq's environment", 'PGPASSWORD=s3cr3t psql', 'PGPASSWORD=*** psql'],
    ['a row', 'DETAIL:  Key (email)=(ann) already exists.', 'DETAIL:  Key (email)=(***) already exists.'],
    ['a pattern of one’s own', 'for CUST-471147 now', 'for *** now'],
    [
      'names',
      'constraint "orders_customer" of table "orders"',
      'constraint "orders_customer" of table "orders"',
    ],
    [
      'the ARN of a secret',
      'see arn:aws:secretsmanager:eu-west-1:1:secret:shop-AbC',
      'see arn:aws:secretsmanager:eu-west-1:1:secret:shop-AbC',
    ],
    ['an address', 'https://example.org/a?b=c@d', 'https://example.org/a?b=c@d'],
  ])('has nothing private of %s', (_, text, said) => expect(redact(text)).toBe(said));

  it('is redacted in every member that people read, and names stay what the graph goes on with', () => {
    const settings = {
      migrations: { command: ['sh', '-c', 'psql postgres://shop:s3cr3t@db/shop -c CUST-4711'] },
    };
    const result = {
      cause: 'CUST-4711',
      task: 'CUST-4711',
      findings: [{ message: 'not CUST-4711 again', tables: ['orders'] }],
      deployment: { reason: 'CUST-4711', settings },
      at: null,
      waitSeconds: 30,
    };
    expect(redacted(result, redact)).toEqual({
      cause: '***',
      task: 'CUST-4711',
      findings: [{ message: 'not *** again', tables: ['orders'] }],
      deployment: { reason: '***', settings },
      at: null,
      waitSeconds: 30,
    });
  });

  it('has the link that answers a question as it is', () => {
    const link = 'https://page.example.org/?key=CUST-4711';
    expect(aroundLink(`about CUST-4711: ${link}\nCUST-4711`, 'https://page.example.org/', redact)).toBe(
      `about ***: ${link}\n***`,
    );
  });
});

it.each([
  ['an address of somebody', 'ann@example.org asked for it', '*** asked for it'],
  ['a number of a customer', 'refund for 4711 0815 4711 0815', 'refund for ***'],
  ['a secret', 'token: s3cr3t', 'token: ***'],
  ['a row', 'because of Key (email)=(ann) already exists.', 'because of Key (email)=(***) already exists.'],
  [
    'words',
    'it\'s "done" (v2, 17 %) at 2026-11-30 22:00:00',
    'it\'s "done" (v2, 17 %) at 2026-11-30 22:00:00',
  ],
])('a reason keeps nothing of %s', (_, text, said) => expect(withoutPrivate(text)).toBe(said));

it.each([
  ['EssentialContainerExited', 'exec: "nod": not found', 'exec: "nod": not found'],
  ['UserInitiated', 'row "ann" of postgres://a:b@db', 'row "***" of postgres://a:***@db'],
])('the reason of a task that ended by %s', (stopCode, stoppedReason, said) =>
  expect(stopReason({ stopCode, stoppedReason })).toBe(said),
);

describe('a pattern of one’s own', () => {
  it.each(['CUST-\\d{4,9}', '[A-Z]{2}\\d{2} ?[A-Z0-9]{11,30}', '\\bann\\b', 'a{1,70}b{1,70}', '\\d{16}'])(
    '%s can be used, and takes no time whatever it is asked',
    (pattern) => {
      expect(patternProblem(pattern)).toBeUndefined();
      const begun = process.cpuUsage();
      redaction([pattern])('a'.repeat(20_000) + '1'.repeat(20_000));
      expect(process.cpuUsage(begun).user).toBeLessThan(5_000_000);
    },
  );

  it.each([
    '',
    '(a+)+$',
    'a*',
    '\\d+',
    '(a|b)',
    'a{1,}',
    '[a',
    'a{4,2}',
    '\\p{L}',
    'x?',
    '\\b',
    'a{0,99}a{0,99}a{0,99}',
    'x'.repeat(101),
  ])('%s is refused', (pattern) => expect(patternProblem(pattern)).toMatch(/^expected /));
});
