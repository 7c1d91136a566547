import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allServices, servedOperations } from './served';

const ROOT = join(__dirname, '../..');

/** The table of docs/local-cloud.md: by service, the operations of its three columns. */
function documented(): Map<string, string[][]> {
  const text = readFileSync(join(ROOT, 'docs/local-cloud.md'), 'utf8');
  const [, table = ''] = text.split(
    '| service | recordings | documentation | not at all |\n|---|---|---|---|\n',
  );
  const rows = table.split('\n\n')[0]!.split('\n');
  return new Map(
    rows.map((row) => {
      const [service, ...columns] = row.split('|').slice(1, -1);
      const operations = columns.map((column) =>
        column
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean),
      );
      return [service!.trim().replaceAll('`', ''), operations];
    }),
  );
}

it('the page says of each operation that is served, and of no other, what it is checked against', async () => {
  const served = [...(await servedOperations())].filter(([, operations]) => operations.length > 0);
  const table = documented();
  expect([...table.keys()].sort()).toEqual(served.map(([service]) => service).sort());
  for (const [service, operations] of served)
    expect(table.get(service)!.flat().sort()).toEqual(operations.toSorted());
});

it('can end a resource of every type that it creates, so that every stack can be deleted', async () => {
  const services = await allServices();
  const types = services.flatMap(({ resources = {}, removals = {} }) =>
    Object.keys(resources).filter((type) => !(type in removals)),
  );
  expect(types).toEqual([]);
});

/** The names of IAM, where an operation is called otherwise. */
const OPERATIONS: Record<string, string> = {
  'lambda:InvokeFunction': 'lambda:Invoke',
  's3:ListBucket': 's3:ListObjectsV2',
  'cloudwatch:GetMetricData': 'monitoring:GetMetricData',
};

it('what the workflow is granted is checked against something', () => {
  const folder = join(ROOT, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const granted = new Set(
    files.flatMap(
      (file) => readFileSync(join(folder, file), 'utf8').match(/(?<=')[a-z0-9]+:[A-Z]\w+(?=')/g) ?? [],
    ),
  );
  expect(granted.size).toBeGreaterThan(20);
  const unchecked = new Set(
    [...documented()].flatMap(([service, [, , last]]) => last!.map((operation) => `${service}:${operation}`)),
  );
  expect(
    [...granted].map((action) => OPERATIONS[action] ?? action).filter((name) => unchecked.has(name)),
  ).toEqual([]);
});
