import type { Build } from './frame/build';
import { run } from './frame/program';
import { atMost, type Bench } from './frame/row';

const SESSIONS = 2_000;

async function sample({ root }: Build) {
  const { stdout } = await run(
    process.execPath,
    ['bin/run.js', 'bench/watching/looks.ts', String(SESSIONS)],
    {
      cwd: root,
    },
  );
  const { cpu, wall } = JSON.parse(stdout) as { cpu: number; wall: number };
  return { cpu, wall };
}

const LOOK = `one look at a migration that runs, on a PostgreSQL 18 with ${SESSIONS.toLocaleString('en')} sessions of others, a tenth of them in a transaction and a hundredth waiting behind the migration; of 200 looks`;

export const watching: Bench = {
  about: 'what watching a migration costs the database',
  measurements: [
    {
      rows: {
        cpu: {
          name: 'a look at a migration, CPU of the server',
          unit: 'ms',
          how: `user and system time of the session's process, planning included, for ${LOOK} the mean`,
          wanted: [atMost(5)],
        },
        wall: {
          name: 'a look at a migration, wall',
          unit: 'ms',
          how: `as the client sees it, for ${LOOK} the median`,
        },
      },
      sample,
      runs: 3,
    },
  ],
};
