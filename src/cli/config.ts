import { existsSync, readFileSync } from 'node:fs';
import {
  type Configuration,
  DEFAULTS,
  flat,
  type Policy,
  parseConfiguration,
  policyOf,
} from '../domain/settings/environments';
import { fileSchema } from '../domain/settings/json-schema';
import { print, remark } from './print';

const FILE = 'greenlight.json';

interface ConfigOptions {
  file?: string;
  environment?: string;
  json?: true;
  schema?: true;
}

/** The file's content; a project without one has the built-in policies. Throws for a file that was named and is not there. */
function read(named: string | undefined): unknown {
  const file = named ?? FILE;
  if (named === undefined && !existsSync(file)) return { environments: {} };
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
}

function environmentsOf({ environments }: Configuration, wanted: string | undefined): string[] {
  const known = [...new Set([...Object.keys(DEFAULTS), ...Object.keys(environments)])];
  if (wanted === undefined) return known;
  if (known.includes(wanted)) return [wanted];
  throw new Error(`there is no environment ${JSON.stringify(wanted)}, there are ${known.join(', ')}`);
}

/** One line per setting; what the project's file says is marked. */
function report(environment: string, policy: Policy, { environments }: Configuration): string {
  const own = new Map(flat(environments[environment] ?? {}));
  const lines = flat(policy).map(
    ([path, value]) => `  ${path.padEnd(32)} ${value}${own.has(path) ? '  (file)' : ''}`,
  );
  return [environment, ...lines].join('\n');
}

export async function config({ file, environment, json, schema }: ConfigOptions): Promise<number> {
  if (schema) {
    print(JSON.stringify(fileSchema(), null, 2));
    return 0;
  }

  const parsed = parseConfiguration(read(file));
  if ('problems' in parsed) {
    for (const problem of parsed.problems) remark(problem);
    return 1;
  }
  const { configuration } = parsed;
  const policies = environmentsOf(configuration, environment).map(
    (name) => [name, policyOf(name, configuration)] as const,
  );
  print(
    json
      ? JSON.stringify(Object.fromEntries(policies), null, 2)
      : policies.map(([name, policy]) => report(name, policy, configuration)).join('\n\n'),
  );
  return 0;
}
