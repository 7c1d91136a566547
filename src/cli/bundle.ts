import { writeFileSync } from 'node:fs';
import { isContract } from '../domain/migrations/contract';
import { detectTool } from '../migrations';
import { manifestOf, serialise, withContract } from '../migrations/manifest';
import { openProject } from '../migrations/project';
import { print, remark } from './print';
import { toolNamed } from './release';

interface BundleOptions {
  /** The project's folder. */
  path: string;
  tool?: string;
  /** Folder of the contract migrations. */
  contract?: string;
  /** A file, or a place in a bucket; neither is standard output. */
  out?: string;
  s3?: string;
  json?: true;
}

/** Puts the text where it was asked for; undefined when that is standard output. */
async function deliver(text: string, { out, s3 }: BundleOptions): Promise<string | undefined> {
  if (out !== undefined) writeFileSync(out, text);
  if (s3 !== undefined) await (await import('../aws/manifests.ts')).putManifest(s3, text);
  return out ?? s3;
}

export async function bundle(options: BundleOptions): Promise<number> {
  const project = openProject(options.path);
  const tool = options.tool === undefined ? detectTool(project) : toolNamed(options.tool);
  await tool.load?.();
  const expand = manifestOf(project, tool);
  const manifest =
    options.contract === undefined ? expand : withContract(expand, options.path, options.contract, tool);
  const { text, digest } = serialise(manifest);
  const location = await deliver(text, options);
  const opaque = manifest.migrations.filter(({ up }) => up === null);
  if (options.json) {
    const migrations = manifest.migrations.length;
    const ids = opaque.map(({ id }) => id);
    const contract = manifest.migrations.filter(isContract).map(({ id }) => id);
    print(JSON.stringify({ tool: tool.name, migrations, contract, opaque: ids, location, digest }));
    return 0;
  }
  for (const { file, opaque: why } of opaque) remark(`${file}: ${why}`);
  if (location !== undefined) print(`${location} ${digest}`);
  else {
    // without the line end that printing adds, so that the printed bytes have the digest
    print(text.trimEnd());
    remark(digest);
  }
  return 0;
}
