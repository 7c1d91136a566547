// node bin/run.js bin/api.ts [--write]: the public modules' declarations as docs/api.md has them, from those of the packed package.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TYPES = join(__dirname, '..', 'lib', 'dist', 'types');
const PAGE = join(__dirname, '..', 'docs', 'api.md');

const MODULES = { greenlight: 'lib/index.d.ts', 'greenlight/migrations': 'lib/migrations.d.ts' };

const HEAD = `# The public modules

What \`import … from 'greenlight'\` and from \`greenlight/migrations\` give; \`greenlight/schema.json\` is the JSON Schema of
\`greenlight.json\`, and its \`$defs.settings\` that of a service's settings. Everything else may change with any version.
`;

/** Statements, each with the comment before it. The compiler begins and ends them at the beginning of a line. */
function statementsOf(text: string): string[] {
  const statements: string[] = [];
  let open: string[] = [];
  for (const line of text.split('\n')) {
    open.push(line);
    const isEnd = /^\S/.test(line) && /[;}]$/.test(line) && !/^(\/\*\*| \*)/.test(line);
    if (!isEnd) continue;
    const from = open.findLastIndex((one) => one.startsWith('/**'));
    const begin = open.findIndex((one) => /^(export|declare|type|interface|import)\b/.test(one));
    statements.push(open.slice(from >= 0 && from < begin ? from : begin).join('\n'));
    open = [];
  }
  return statements;
}

/** `export … from`, or the names that a statement declares. */
function namesOf(file: string, statement: string): { name: string; from: string }[] {
  const [, list, from] = /^export (?:type )?\{(.*?)\} from '(.*?)';/ms.exec(statement) ?? [];
  if (list === undefined || from === undefined) {
    const [, name] =
      /^export (?:declare )?(?:abstract )?(?:class|interface|type|const|function) (\w+)/m.exec(statement) ??
      [];
    return name === undefined ? [] : [{ name, from: file }];
  }
  const path = join(dirname(file), from);
  const target = [`${path}.d.ts`, join(path, 'index.d.ts')].find((one) => existsSync(join(TYPES, one)));
  if (target === undefined) throw new Error(`${file}: ${from} has no declarations`);
  const names = list.split(',').map((one) => one.trim().replace(/^type /, ''));
  return names.filter((name) => name !== '').map((name) => ({ name, from: target }));
}

/** The declaration of a name, wherever it stands. */
function declarationOf(file: string, name: string): string {
  const statements = statementsOf(readFileSync(join(TYPES, file), 'utf8'));
  for (const statement of statements)
    for (const found of namesOf(file, statement))
      if (found.name === name) return found.from === file ? statement : declarationOf(found.from, name);
  throw new Error(`${file} declares no ${name}`);
}

/** The page, from the declarations that `npm pack` leaves in lib/dist. */
export function apiPage(): string {
  const modules = Object.entries(MODULES).map(([module, file]) => {
    const statements = statementsOf(readFileSync(join(TYPES, file), 'utf8'));
    const names = statements.flatMap((statement) => namesOf(file, statement)).map(({ name }) => name);
    const parts = names
      .sort()
      .map((name) => `### ${name}\n\n\`\`\`ts\n${declarationOf(file, name).trim()}\n\`\`\`\n`);
    return `## ${module}\n\n${parts.join('\n')}`;
  });
  return [HEAD, ...modules].join('\n');
}

if (process.argv.includes('--write')) writeFileSync(PAGE, apiPage());
