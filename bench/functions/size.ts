import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Build } from '../frame/build';
import { spreadOf } from '../frame/result';
import { atMost, type Measurement } from '../frame/row';
import { type Deployed, functionsOf } from './assembly';

const files = ({ folder }: Deployed): { name: string; content: Buffer }[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, content: readFileSync(join(entry.parentPath, entry.name)) }));

const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
const zipped = ({ content }: { content: Buffer }) => gzipSync(content).length;

async function sample(build: Build) {
  const all = (await functionsOf(build)).map(files);
  const scripts = all.map((each) => each.filter(({ name }) => name.endsWith('.js')));
  const raw = scripts.map((each) => sum(each.map(({ content }) => content.length)));
  return {
    median: spreadOf(raw)!.median / 1e3,
    scripts: sum(scripts.map((each) => sum(each.map(zipped)))) / 1e6,
    uploads: sum(all.map((each) => sum(each.map(zipped)))) / 1e6,
  };
}

const KB = 'a KB is 1,000 bytes';

export const sizes: Measurement = {
  rows: {
    median: {
      name: 'script of a function, median',
      unit: 'KB',
      how: `as it is uploaded, not compressed; ${KB}`,
      wanted: [atMost(350)],
    },
    scripts: {
      name: 'scripts of all functions, gzipped',
      unit: 'MB',
      how: `each script gzipped by itself; ${KB}`,
      wanted: [atMost(6)],
    },
    uploads: {
      name: 'uploads of all functions, gzipped',
      unit: 'MB',
      how: "with what stands beside the scripts: the parser's WebAssembly, the database's authorities of each region",
    },
  },
  sample,
  beside: 'earlier',
  runs: 1,
};
