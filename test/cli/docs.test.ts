import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migration, projectWith, runProcess } from './project';

const docs = readFileSync(join(__dirname, '../../docs/migrations.md'), 'utf8');

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
