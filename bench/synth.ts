import type { Build } from './frame/build';
import { run } from './frame/program';
import { atMostTimes, type Bench } from './frame/row';

const synthesise = ({ root }: Build) => run('npx', ['cdk', 'synth', '--quiet'], { cwd: root });

async function sample(build: Build) {
  // every file that git does not know: what was built, synthesised or kept
  await run('git', ['clean', '-ffdxq', '--exclude', '/node_modules'], { cwd: build.root });
  const first = await synthesise(build);
  const again = await synthesise(build);
  return {
    firstCpu: first.cpuMs / 1_000,
    firstWall: first.wallMs / 1_000,
    againCpu: again.cpuMs / 1_000,
    againWall: again.wallMs / 1_000,
  };
}

const FIRST =
  '`npx cdk synth --quiet` in a working copy without any file that git does not know, except the installed packages';
const AGAIN = 'the same command once more, nothing changed';
const CPU = 'user and system time of all of its processes';

export const synth: Bench = {
  about: 'npx cdk synth, from nothing and once more',
  measurements: [
    {
      rows: {
        firstCpu: {
          name: 'from nothing, CPU',
          unit: 's',
          how: `${FIRST}; ${CPU}`,
          wanted: [atMostTimes(0.33)],
        },
        firstWall: { name: 'from nothing, wall', unit: 's', how: FIRST },
        againCpu: { name: 'again, CPU', unit: 's', how: `${AGAIN}; ${CPU}`, wanted: [atMostTimes(0.17)] },
        againWall: { name: 'again, wall', unit: 's', how: AGAIN },
      },
      sample,
      beside: 'earlier',
    },
  ],
};
