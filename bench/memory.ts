import type { Sequence } from '../test/scale/sequence';
import type { Build } from './frame/build';
import { run } from './frame/program';
import { atMost, type Bench } from './frame/row';

const DEPLOYMENTS = 1_000;

async function sample({ root }: Build) {
  const scale = ['run', '--silent', 'scale', '--'];
  const options = ['--deployments', String(DEPLOYMENTS), '--json'];
  // 1: not as it should be, which the rows tell
  const { stdout } = await run('npm', [...scale, ...options], { cwd: root, answers: [0, 1] });
  const { wrong, memory } = JSON.parse(stdout) as Sequence;
  if (!memory) throw new Error(`the sequence says nothing of memory: ${stdout}`);
  return { growth: memory.growth, second: memory.second, last: memory.last, wrong };
}

const SCALE = `in \`npm run scale -- --deployments ${DEPLOYMENTS}\`: the median of ten looks, each after the garbage of the main thread is collected`;

export const memory: Bench = {
  about: 'what the local cloud holds on to over 1,000 deployments',
  onlyNamed: 'an hour',
  measurements: [
    {
      rows: {
        growth: {
          name: 'resident memory, from the second hundred of deployments to the last',
          unit: '% more',
          how: `of the process that is the local cloud, ${SCALE}`,
          wanted: [atMost(5)],
        },
        second: { name: 'resident memory in the second hundred', unit: 'MB', how: `the same, ${SCALE}` },
        last: { name: 'resident memory in the last hundred', unit: 'MB', how: `the same, ${SCALE}` },
        wrong: {
          name: 'deployments that did not end as they should',
          unit: '',
          how: `of ${DEPLOYMENTS.toLocaleString('en')}, good ones and bad ones, by every strategy`,
          wanted: [atMost(0)],
        },
      },
      sample,
      runs: 1,
    },
  ],
};
