import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProcess } from '../input/command';
import { migration, projectWith, runProcess } from './project';

const ROOT = join(__dirname, '..', '..');

const docs = readFileSync(join(ROOT, 'docs', 'migrations.md'), 'utf8');

const project = () =>
  projectWith({
    'db/20260105090000_create_orders.sql': migration(
      'CREATE TABLE orders (id bigint PRIMARY KEY, email varchar(100), amount int NOT NULL);',
    ),
    'db/20260112090000_add_state.sql': migration(
      "ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';",
    ),
    'db/20260119090000_positive_amounts.sql': migration(
      'ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0);',
    ),
  });

test.each(['check', 'plan'])('what docs/migrations.md shows of %s is what it prints', (verb) => {
  const { out } = runProcess(project(), verb);
  expect(docs).toContain(`$ greenlight ${verb}\n${out.trimEnd()}\n\`\`\``);
});

/** Every command about a workflow that the documents show, as a shell takes it apart. */
const commands = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((page) => join('docs', page))]
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^npx greenlight (.* --workflow .*)$/gm)].map(
      ([, line = '']) => ({ page, line }),
    ),
  );

it('finds the commands of the documents', () => expect(commands.length).toBeGreaterThan(12));

it.each(commands)(
  '$page: greenlight $line is understood, and fails only where AWS would be',
  async ({ line }) => {
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
    const { code, error } = await inProcess(words.split('\0').slice(0, -1));
    expect([code, error]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  },
);
