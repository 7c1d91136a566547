import { rmSync } from 'node:fs';
import { type Build, cloneOf } from './frame/build';
import { run } from './frame/program';
import { atMostTimes, type Bench } from './frame/row';

async function sample({ root }: Build) {
  const clone = cloneOf(root);
  const { cpuMs, wallMs } = await run('bash', ['.ci/run'], { cwd: clone });
  rmSync(clone, { recursive: true });
  return { cpu: cpuMs / 1_000, wall: wallMs / 1_000 };
}

const CI = '`bash .ci/run` in a fresh clone, installation included, every test passed';

export const ci: Bench = {
  about: 'bash .ci/run in a fresh clone',
  onlyNamed: 'half an hour',
  measurements: [
    {
      rows: {
        cpu: {
          name: 'the whole of CI, CPU',
          unit: 's',
          how: `${CI}: user and system time of all of its processes`,
          wanted: [atMostTimes(0.6)],
        },
        wall: { name: 'the whole of CI, wall', unit: 's', how: `${CI}: wall time` },
      },
      sample,
      beside: 'earlier',
      runs: 1,
    },
  ],
};
