import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = (name: string) => readFileSync(join(__dirname, '..', '..', 'docs', name), 'utf8');

const number = (cell = '') => Number(cell.replaceAll(',', ''));
/** The rows of a table by its head's first cell: what, how many, dollars, for how many, the sum. */
function tableOf(head: string) {
  const [, body = ''] = page('aws.md').split(`| ${head} | how many |`);
  const rows = body
    .split('\n\n')[0]!
    .split('\n')
    .filter((line) => /^\| [a-zA-Z]/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.map(([, what = '', many, dollars, units, sum]) => ({
    ...{ what, many: number(many), sum: number(sum) },
    price: number(dollars) / number(units),
  }));
}

describe.each(['a deployment', 'a month'])('the costs of %s', (head) => {
  const rows = tableOf(head);
  const [total] = rows.slice(-1);

  it.each(rows.slice(0, -1))('$what: $many times its price is $sum', ({ many, price, sum }) =>
    expect(sum).toBeCloseTo(many * price, 4),
  );

  it('are the sum of their lines', () => {
    expect(rows.length).toBeGreaterThan(5);
    expect(total?.what).toBe('together');
    expect(total?.sum).toBeCloseTo(
      rows.slice(0, -1).reduce((sum, { many, price }) => sum + many * price, 0),
      3,
    );
  });
});

it('are those of the calls that docs/scale.md has counted', () => {
  const counted = (operation: string) =>
    number(new RegExp(`^\\| \`${operation}\` \\| \\d+ \\| (\\d+) \\|`, 'm').exec(page('scale.md'))?.[1]);
  const many = Object.fromEntries(tableOf('a deployment').map((row) => [row.what, row.many]));
  const [put, update, transact] = ['PutItem', 'UpdateItem', 'TransactWriteItems'].map((name) =>
    counted(`dynamodb:${name}`),
  );
  expect(many).toMatchObject({
    'state transitions': counted('states:StateTransition'),
    'calls of functions': counted('states:StateTransition'),
    // 4 KB each; a transaction counts twice
    'write units of the journal': 4 * (put! + update! + 2 * transact!),
    'read units of the journal': 2 * (counted('dynamodb:GetItem') + counted('dynamodb:Query')),
    // requests, four kinds of answers and two times of each side's target group
    'metrics that are asked for': 7 * counted('monitoring:GetMetricData'),
    'reads of the secret': counted('secretsmanager:GetSecretValue'),
    events: counted('events:PutEvents'),
  });
});
