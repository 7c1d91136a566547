import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Build } from '../frame/build';
import { run } from '../frame/program';
import { fresh } from '../frame/scratch';

/** A Lambda function as its stack would deploy it. */
export interface Deployed {
  /** Its construct's: for a step that is the state's. */
  name: string;
  /** The folder that is uploaded. */
  folder: string;
  /** The module that Lambda's runtime loads. */
  module: string;
  memoryMb: number;
}

interface Resource {
  Type: string;
  Properties: { Handler: string; MemorySize?: number };
  Metadata?: { 'aws:cdk:path'?: string; 'aws:asset:path'?: string };
}

/** Lambda's own, for a function that asks for none. */
const MEMORY_MB = 128;

/** "Stack/Workflow/Step/Function/Resource", or without the word where a build has the function for the step's construct. */
const nameOf = (path: string) =>
  path
    .replace(/(\/Function)?\/Resource$/, '')
    .split('/')
    .at(-1)!;

function functionOf(assembly: string, { Properties, Metadata }: Resource): Deployed[] {
  const asset = Metadata?.['aws:asset:path'];
  if (asset === undefined) return [];
  const folder = join(assembly, asset);
  const file = Properties.Handler.replace(/\.[^.]*$/, '');
  const module = ['.js', '.cjs', '.mjs'].map((suffix) => join(folder, file + suffix)).find(existsSync);
  const path = Metadata?.['aws:cdk:path'] ?? '';
  if (module === undefined) throw new Error(`${path} has no module ${file} in ${folder}`);
  const name = nameOf(path);
  return [{ name, folder, module, memoryMb: Properties.MemorySize ?? MEMORY_MB }];
}

/** The functions of a cloud assembly, of all its templates. */
export const functionsIn = (assembly: string): Deployed[] =>
  readdirSync(assembly)
    .filter((file) => file.endsWith('.template.json'))
    .flatMap((file) => {
      const template = JSON.parse(readFileSync(join(assembly, file), 'utf8'));
      return Object.values(template.Resources as Record<string, Resource>)
        .filter(({ Type }) => Type === 'AWS::Lambda::Function')
        .flatMap((resource) => functionOf(assembly, resource));
    });

const made = new Map<string, Promise<Deployed[]>>();

async function synthesise({ root }: Build): Promise<Deployed[]> {
  const assembly = fresh('assembly');
  // the CDK's own program: it asks for the metadata that tells a function's construct and its asset
  await run('npx', ['cdk', 'synth', '--quiet', '--output', assembly], { cwd: root });
  const functions = functionsIn(assembly);
  if (functions.length === 0) throw new Error(`the assembly of ${root} has no functions`);
  return functions;
}

/** The functions of a build, synthesised once. */
export function functionsOf(build: Build): Promise<Deployed[]> {
  const known = made.get(build.root) ?? synthesise(build);
  made.set(build.root, known);
  return known;
}
