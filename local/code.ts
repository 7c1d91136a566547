import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** Where a function's code is, as a template says it. */
export interface Code {
  S3Bucket?: string;
  S3Key?: string;
  ZipFile?: string;
}

/** Writes files below a folder that exists with all of them, or not at all. */
function written(folder: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  if (existsSync(folder)) return folder;
  const half = `${folder}.half`;
  mkdirSync(half, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = join(half, name);
    // a name may not lead out of the folder
    if (!file.startsWith(`${half}/`)) throw new Error(`the archive has a file ${name} outside of itself`);
    if (name.endsWith('/')) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  renameSync(half, folder);
  return folder;
}

/** Finds the folder of a function's code: an archive in S3 is unpacked, and code in a template becomes a file. */
export function createCode(folder: string, objectOf: (bucket: string, key: string) => Buffer | undefined) {
  const place = (content: Uint8Array | string) =>
    join(folder, createHash('sha256').update(content).digest('hex').slice(0, 32));
  return ({ S3Bucket, S3Key, ZipFile }: Code): string | undefined => {
    // Source: CloudFormation User Guide, AWS::Lambda::Function Code: "a file named index"
    if (ZipFile !== undefined) return written(place(ZipFile), { 'index.js': ZipFile });
    if (S3Bucket === undefined || S3Key === undefined) return undefined;
    const archive = objectOf(S3Bucket, S3Key);
    return archive && written(place(archive), unzipSync(archive));
  };
}
