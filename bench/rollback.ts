import type { Build } from './frame/build';
import { run } from './frame/program';
import { atMost, atMostTimes, type Bench } from './frame/row';

/** The story's document, as far as it is read here. */
interface Told {
  deployments: { name: string; durationMs: number; verdictToBlueMs: number | null }[];
}

async function sample({ root }: Build) {
  const story = ['start', '--silent', '--', '--once', '--json', '--story', 'canary'];
  const { stdout } = await run('npm', story, { cwd: root });
  const { deployments } = JSON.parse(stdout) as Told;
  const [good, bad] = deployments;
  if (!good || typeof bad?.verdictToBlueMs !== 'number')
    throw new Error(`nothing was rolled back: ${stdout}`);
  return {
    verdictToBlue: bad.verdictToBlueMs,
    deployed: good.durationMs / 1_000,
    rolledBack: bad.durationMs / 1_000,
  };
}

const STORY =
  'of `npm start -- --once --json --story canary`, 1,200 requests a second, on this machine alone';

export const rollback: Bench = {
  about: 'from the verdict against a canary to all users back on blue',
  measurements: [
    {
      rows: {
        verdictToBlue: {
          name: 'from the failing verdict to all users on blue',
          unit: 'ms',
          how: `from the end of ObserveGreen to that of ReturnTraffic, whose function is started for it, in the history of the bad release ${STORY}`,
          wanted: [atMostTimes(0.25), atMost(1_000)],
        },
        deployed: {
          name: 'canary of a good release',
          unit: 's',
          how: `the whole deployment of the good release ${STORY}`,
        },
        rolledBack: {
          name: 'canary of a bad release, with its rollback',
          unit: 's',
          how: `the whole deployment of the bad release ${STORY}`,
        },
      },
      sample,
      beside: 'earlier',
      runs: 3,
    },
  ],
};
