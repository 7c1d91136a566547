import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Template, TemplateError } from './template';

/** One stack of a cloud assembly (the folder that `cdk synth` writes). */
export interface AssemblyStack {
  name: string;
  template: Template;
  /** Where the asset with an S3 object key ("<hash>.zip") lies on this machine, as an absolute path. */
  assetPath(objectKey: string): string | undefined;
}

interface Artifact {
  type: string;
  dependencies?: string[];
  properties?: { templateFile?: string; stackName?: string; file?: string; directoryName?: string };
}

interface AssetManifest {
  files?: Record<string, { source: { path?: string }; destinations: Record<string, { objectKey: string }> }>;
}

const readJson = <Shape>(file: string): Shape => JSON.parse(readFileSync(file, 'utf8'));

function assetsOf(folder: string, artifacts: Record<string, Artifact>): Map<string, string> {
  const paths = new Map<string, string>();
  for (const { type, properties } of Object.values(artifacts)) {
    if (type !== 'cdk:asset-manifest') continue;
    const manifest = readJson<AssetManifest>(join(folder, properties!.file!));
    for (const { source, destinations } of Object.values(manifest.files ?? {})) {
      if (!source.path) continue;
      for (const { objectKey } of Object.values(destinations)) {
        paths.set(basename(objectKey), resolve(folder, source.path));
      }
    }
  }
  return paths;
}

/** Artifact ids so ordered that each comes after its dependencies. */
function inOrder(artifacts: Record<string, Artifact>): string[] {
  const done = new Set<string>();
  const visit = (id: string): void => {
    if (done.has(id) || !artifacts[id]) return;
    for (const needed of artifacts[id].dependencies ?? []) visit(needed);
    done.add(id);
  };
  Object.keys(artifacts).forEach(visit);
  return [...done];
}

/**
 * The stacks of an assembly folder, each after those it depends on; `only` names the wanted ones (default: all).
 * Throws TemplateError when the folder is no assembly or has no such stack.
 */
export function readAssembly(folder: string, only?: readonly string[]): AssemblyStack[] {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) throw new TemplateError(`${folder} is no cloud assembly; run npm run synth first`);
  const { artifacts = {} } = readJson<{ artifacts?: Record<string, Artifact> }>(file);
  const assets = assetsOf(folder, artifacts);
  const stacks = inOrder(artifacts).flatMap((id): AssemblyStack[] => {
    const { type, properties = {} } = artifacts[id]!;
    if (type === 'cdk:cloud-assembly') return readAssembly(join(folder, properties.directoryName!));
    if (type !== 'aws:cloudformation:stack') return [];
    const name = properties.stackName ?? id;
    const template = readJson<Template>(join(folder, properties.templateFile!));
    return [{ name, template, assetPath: (key) => assets.get(basename(key)) }];
  });
  const missing = only?.filter((name) => !stacks.some((stack) => stack.name === name)) ?? [];
  if (missing.length) {
    const names = stacks.map((stack) => stack.name).join(', ');
    throw new TemplateError(`${dirname(file)} has no stack ${missing.join(', ')}; it has ${names}`);
  }
  return only ? stacks.filter((stack) => only.includes(stack.name)) : stacks;
}
