import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod';
import { folderDigest, imageDigest } from './digest';

/** What stands for a container image: a folder and how to start it. */
export interface Image {
  repository: string;
  tag: string;
  /** `sha256:…`, the same on every machine for the same files and start. */
  digest: string;
  /** Absolute; the working directory of its processes. */
  folder: string;
  entryPoint: string[];
  command: string[];
  environment: Record<string, string>;
}

export type { ImageMap };

export interface Images {
  /**
   * `reference` as in a container definition: `<registry>/<repository>:<tag>` or `…@sha256:<digest>`, the tag
   * `latest` when there is none. Undefined when there is no such image.
   */
  resolve(reference: string): Image | undefined;
  /** The images of each repository; a repository without images has an empty list. */
  readonly repositories: ReadonlyMap<string, readonly Image[]>;
}

const imageMap = z.record(
  z.string(),
  z.record(
    z.string(),
    z.strictObject({
      folder: z.string(),
      entryPoint: z.array(z.string()).optional(),
      command: z.array(z.string()).min(1),
      environment: z.record(z.string(), z.string()).optional(),
    }),
  ),
);

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    document,
  );
}

type ImageMap = z.infer<typeof imageMap>;

function parse(file: string): ImageMap {
  let document: unknown;
  try {
    document = parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(
      `the image map ${file} cannot be read: ${(error as Error).message}; give a JSON or YAML file`,
    );
  }
  const result = imageMap.safeParse(document);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const value = JSON.stringify(valueAt(document, issue.path)) ?? 'nothing';
  throw new Error(
    `the image map ${file} is wrong at ${issue.path.join('.') || 'its top'}: ${issue.message}, but it is ${value}; ` +
      'write { "<repository>": { "<tag>": { "folder": "…", "command": ["…"] } } }',
  );
}

/** `host/path/name:tag@digest`: the registry is whatever comes before the repository names that are known. */
function split(reference: string): { name: string; tag?: string; digest?: string } {
  const [named = '', digest] = reference.split('@');
  const tag = /:([\w][\w.-]{0,127})$/.exec(named)?.[1];
  const path = tag === undefined ? named : named.slice(0, -tag.length - 1);
  const [first = '', ...rest] = path.split('/');
  const isRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
  return { name: isRegistry ? rest.join('/') : path, tag, digest };
}

/** Two maps as one; of a tag that both have, the second. */
function together(one: ImageMap, other: ImageMap): ImageMap {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, { ...one[name], ...other[name] }]));
}

/**
 * One image as a command line says it: `shop:v1=services/shop:node server.mjs`, name and tag, folder, and what its shell
 * runs there. Throws an Error that says what is expected.
 */
export function parseImage(flag: string): ImageMap {
  const [, reference = '', folder = '', line = ''] = /^([^=]+)=([^:]+):\s*(.+)$/s.exec(flag) ?? [];
  if (line === '')
    throw new Error(`${JSON.stringify(flag)} is no image; write <name>:<tag>=<folder>:<command line>`);
  const { name, tag = 'latest' } = split(reference);
  return { [name]: { [tag]: { folder: resolve(folder), command: ['sh', '-c', line] } } };
}

/**
 * Reads an image map: JSON or YAML `{ "<repository>": { "<tag>": { folder, entryPoint?, command, environment? } } }` with
 * folders relative to the file, and the images that are given beside it. Digests are computed now: later edits of a folder
 * change what runs, not its digest. Throws an error that names the file, the place, the value and what is expected.
 */
export function loadImages(file: string | undefined, ...given: ImageMap[]): Images {
  const map = given.reduce(together, file === undefined ? {} : parse(file));
  const base = file === undefined ? '.' : dirname(file);
  const digests = new Map<string, string>();
  const digestOf = (folder: string) => {
    const digest = digests.get(folder) ?? folderDigest(folder);
    digests.set(folder, digest);
    return digest;
  };
  const repositories = new Map<string, Image[]>();
  for (const [repository, tags] of Object.entries(map)) {
    const images = Object.entries(tags).map(
      ([tag, { folder: relative, entryPoint = [], command, environment = {} }]) => {
        const folder = resolve(base, relative);
        if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
          throw new Error(
            `the image map ${file ?? ''} is wrong at ${repository}.${tag}.folder: expected a folder relative to the file, ` +
              `but ${folder} is none`,
          );
        }
        const sorted = Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
        const digest = imageDigest(digestOf(folder), { entryPoint, command, environment: sorted });
        return { repository, tag, digest, folder, entryPoint, command, environment };
      },
    );
    repositories.set(repository, images);
  }
  return {
    repositories,
    resolve: (reference) => {
      const { name, tag, digest } = split(reference);
      const images = repositories.get(name) ?? [];
      if (digest !== undefined) return images.find((image) => image.digest === digest);
      return images.find((image) => image.tag === (tag ?? 'latest'));
    },
  };
}
