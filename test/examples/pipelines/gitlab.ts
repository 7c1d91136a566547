import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';

/**
 * GitLab's own schema of `.gitlab-ci.yml` without its descriptions, of 2026.
 * Source: gitlab-org/gitlab, app/assets/javascripts/editor/schema/ci.json.
 */
const schema = JSON.parse(readFileSync(join(__dirname, 'gitlab-ci.schema.json'), 'utf8'));

type Variables = Record<string, string>;
interface Job {
  rules?: { if: string }[];
  variables?: Variables;
  before_script?: string[];
  script: string[];
  after_script?: string[];
}
type File = Record<string, Job> & { variables: Variables };

const read = (file: string): File => parse(readFileSync(file, 'utf8'));

/** What GitLab's schema has against a file. */
export function gitlabProblems(text: string): string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.validate(schema, parse(text));
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const expanded = (text: string, variables: Variables) =>
  text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, one, other) => variables[one ?? other] ?? '');

/** A comparison of two values. Source: GitLab Docs, "Control how jobs run", CI/CD variable expressions. */
function holds(condition: string, variables: Variables): boolean {
  const [, left, right] = /^(\$\w+) == (\$\w+|".*")$/.exec(condition) ?? [];
  if (left === undefined || right === undefined)
    throw new Error(`${condition} is no comparison that is known here`);
  const value = (word: string) =>
    word.startsWith('"') ? JSON.parse(word) : (variables[word.slice(1)] ?? null);
  return value(left) === value(right);
}

/** Lines of one script in one shell, as GitLab's runner joins them. */
function shell(lines: readonly string[], folder: string, env: Variables) {
  return new Promise<{ code: number | null; out: string }>((resolve) => {
    const child = spawn('bash', ['-eo', 'pipefail', '-c', lines.join('\n')], { cwd: folder, env });
    let out = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        out += text;
      });
    child.on('close', (code) => resolve({ code, out }));
  });
}

/**
 * Runs a job as GitLab's runner does: `before_script` and `script` in one shell, `after_script` in another whatever became of them.
 * Undefined where no rule lets it run. What is given from outside is over what the file declares, as variables of a project are.
 */
export async function runJob(
  file: string,
  name: string,
  { variables: given, folder }: { variables: Variables; folder: string },
) {
  const { variables: common, ...jobs } = read(file);
  const { rules = [], variables: own, before_script = [], script, after_script = [] } = jobs[name] as Job;
  if (rules.length > 0 && !rules.some((rule) => holds(rule.if, given))) return undefined;
  const declared = { ...common, ...own };
  const env = { ...declared, ...given };
  for (const [key, value] of Object.entries(declared)) if (!(key in given)) env[key] = expanded(value, env);
  const { code, out } = await shell([...before_script, ...script], folder, env);
  const after = await shell(after_script, folder, {
    ...env,
    CI_JOB_STATUS: code === 0 ? 'success' : 'failed',
  });
  return { code, out, after };
}
