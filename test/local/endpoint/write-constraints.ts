/**
 * npm run constraints -- BOTOCORE, then npm run format: writes local/endpoint/constraints from the API models in a folder of botocore
 * (`botocore/data`, Apache-2.0), for the operations that the local cloud serves.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { constrained, type Limits, patternOf } from '../../../local/endpoint/constraints';
import { servedOperations } from '../served';

/** botocore's folders, where they are not called as the service signs. */
const FOLDERS: Record<string, string> = {
  elasticloadbalancing: 'elbv2',
  monitoring: 'cloudwatch',
  states: 'stepfunctions',
};

interface Shape extends Limits {
  type: string;
  members?: Record<string, { shape: string }>;
  member?: { shape: string };
  key?: { shape: string };
  value?: { shape: string };
}
interface Model {
  operations: Record<string, { input?: { shape: string } }>;
  shapes: Record<string, Shape>;
}

function readModel(botocore: string, signingName: string): Model {
  const folder = join(botocore, FOLDERS[signingName] ?? signingName);
  const version = readdirSync(folder).sort().at(-1)!;
  const file = join(folder, version, 'service-2.json');
  const text = existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`));
  return JSON.parse(text.toString('utf8'));
}

const LIMITS = ['min', 'max', 'pattern', 'enum', 'sensitive'] as const;

function constraintsOf({ shapes }: Model, input: string): Record<string, Limits> {
  const found: Record<string, Limits> = {};
  const walk = (name: string, path: string[], around: readonly string[]) => {
    const shape = shapes[name]!;
    const limits = Object.fromEntries(LIMITS.filter((key) => key in shape).map((key) => [key, shape[key]]));
    if (path.length > 0 && Object.keys(limits).some((key) => key !== 'sensitive')) {
      if (limits.pattern) patternOf(limits.pattern as string);
      found[path.join('.')] = limits;
    }
    if (around.includes(name)) return;
    const within = [...around, name];
    for (const [member, { shape: inner }] of Object.entries(shape.members ?? {}))
      walk(inner, [...path, member], within);
    if (shape.member) walk(shape.member.shape, [...path, '*'], within);
    if (shape.key) walk(shape.key.shape, [...path, '%key'], within);
    if (shape.value) walk(shape.value.shape, [...path, '%value'], within);
  };
  walk(input, [], []);
  return found;
}

async function main([botocore]: string[]): Promise<void> {
  if (!botocore) throw new Error('usage: npm run constraints -- BOTOCORE, the folder botocore/data');
  const served = await servedOperations();
  for (const signingName of constrained) {
    const model = readModel(botocore, signingName);
    const constraints: Record<string, Record<string, Limits>> = {};
    for (const operation of served.get(signingName)!.toSorted()) {
      const input = model.operations[operation]?.input?.shape;
      const found = input ? constraintsOf(model, input) : {};
      if (Object.keys(found).length > 0) constraints[operation] = found;
    }
    const file = join('local/endpoint/constraints', `${signingName}.json`);
    writeFileSync(file, `${JSON.stringify(constraints, null, 2)}\n`);
    console.log(`${file}: ${Object.values(constraints).flatMap(Object.keys).length} constraints`);
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
