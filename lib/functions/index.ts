import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundles } from './bundles';

/** Tells the files of a flat folder from others, by their names and contents. */
export function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) {
    const content = readFileSync(join(folder, file));
    hash.update(`${file} ${content.length} `).update(content);
  }
  return hash.digest('hex');
}

/** The code of a function by its step's name. */
export function codeOf(name: string): Code {
  const folder = join(bundles(), name);
  // the CDK's own way to hash a folder takes a tenth of a synthesis
  return Code.fromAsset(folder, { assetHash: hashOf(folder) });
}
