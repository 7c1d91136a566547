import { writeFileSync } from 'node:fs';
import { isContract } from '../domain/migrations/contract';
import { detectTool } from '../migrations';
import { manifestOf, serialise, withContract } from '../migrations/manifest';
import { openProject } from '../migrations/project';
import { only, optionsOf } from './options';
import { print, remark } from './print';
import { toolNamed } from './release';
import type { Verb } from './verb';

const USAGE = `usage: greenlight bundle [path] [options]

Writes the manifest of a release's migrations: the same bytes for the same migrations. Without --out or --s3 it is printed,
and its digest goes to standard error.

  path                 the project's folder, from which its migration tool is run (.)
  --tool TOOL          the migration tool, where the files do not tell
  --contract FOLDER    its contract migrations: they run once the previous version is gone
  --out FILE           write it to a file
  --s3 s3://B/KEY      upload it to a bucket, where a deployment finds it
  --json               print one JSON line with tool, migrations, contract, opaque, location and digest
  --help               this text`;

const OPTIONS = {
  tool: { type: 'string' },
  contract: { type: 'string' },
  out: { type: 'string' },
  s3: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const parse = (args: readonly string[]) =>
  optionsOf('bundle', args, OPTIONS, ({ values, positionals }) => {
    if (values.out !== undefined && values.s3 !== undefined)
      throw new Error('--out and --s3 exclude each other');
    return { ...values, path: only(positionals) ?? '.' };
  });

/** Puts the text where it was asked for; undefined when that is standard output. */
async function deliver(
  text: string,
  { out, s3 }: { out?: string; s3?: string },
): Promise<string | undefined> {
  if (out !== undefined) writeFileSync(out, text);
  if (s3 !== undefined) await (await import('../aws/manifests.ts')).putManifest(s3, text);
  return out ?? s3;
}

export const bundle: Verb = {
  async run(args) {
    const options = parse(args);
    if (options.help) {
      print(USAGE);
      return 0;
    }
    const project = openProject(options.path);
    const tool = options.tool === undefined ? detectTool(project) : toolNamed(options.tool);
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
  },
};
