import { rmSync } from 'node:fs';
import { type Build, cloneOf } from './frame/build';
import { run } from './frame/program';
import { atMost, atMostTimes, type Bench } from './frame/row';

/** How a story's lines about a deployment begin where they go into a file: with the time since its beginning. */
const DEPLOYING = /^\s*\d+:\d\d {2}/;

async function sample({ root }: Build) {
  const clone = cloneOf(root);
  let first: number | undefined;
  const { wallMs } = await run('npm', ['start', '--', '--once'], {
    cwd: clone,
    onLine(line, ms) {
      if (DEPLOYING.test(line)) first ??= ms;
    },
  });
  rmSync(clone, { recursive: true });
  if (first === undefined) throw new Error('the story told of no deployment');
  return { wall: wallMs / 1_000, first: first / 1_000 };
}

const STORY =
  'of `npm start -- --once` in a fresh clone, with the installation of its packages, which npm has seen before';

export const story: Bench = {
  about: 'npm start -- --once in a fresh clone, installation included',
  measurements: [
    {
      rows: {
        wall: { name: 'the whole story', unit: 's', how: `wall time ${STORY}`, wanted: [atMostTimes(0.5)] },
        first: {
          name: 'until the first deployment begins',
          unit: 's',
          how: `until the first line about a deployment ${STORY}`,
          wanted: [atMost(30)],
        },
      },
      sample,
      beside: 'earlier',
      runs: 2,
    },
  ],
};
