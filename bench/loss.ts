import type { Build } from './frame/build';
import { run } from './frame/program';
import { atLeast, atMost, type Bench } from './frame/row';

const REQUESTS = 1_000_000;

/** Of a good release and a bad one, in turns. */
const ENDS = ['DeploymentSucceeded', 'RolledBack'];

/** The story's document, as far as it is read here. */
interface Told {
  deployments: { outcome: string }[];
  traffic: { requests: number; lost: number; rps: number };
}

async function sample({ root }: Build) {
  const story = ['start', '--silent', '--', '--once', '--json', '--story', 'canary'];
  // 1: not as it should be, which the rows tell
  const options = { cwd: root, answers: [0, 1] };
  const { stdout } = await run('npm', [...story, '--requests', String(REQUESTS)], options);
  const { deployments, traffic } = JSON.parse(stdout) as Told;
  const { requests, lost, rps } = traffic;
  const wrong = deployments.filter(({ outcome }, at) => outcome !== ENDS[at % ENDS.length]).length;
  return { requests, lost, rps, deployments: deployments.length, wrong };
}

const LOAD = `in \`npm start -- --once --json --story canary --requests ${REQUESTS}\`: a good release and one that is rolled back, in turns in one cloud`;

export const loss: Bench = {
  about: 'requests lost while canaries are deployed and rolled back',
  onlyNamed: 'a quarter of an hour',
  measurements: [
    {
      rows: {
        lost: {
          name: 'requests lost',
          unit: '',
          how: `without an answer, or with 502, 503 or 504, ${LOAD}`,
          wanted: [atMost(0)],
        },
        requests: { name: 'requests', unit: '', how: `sent ${LOAD}`, wanted: [atLeast(REQUESTS)] },
        rps: { name: 'requests a second', unit: '', how: `on average ${LOAD}`, wanted: [atLeast(1_000)] },
        deployments: { name: 'canaries meanwhile', unit: '', how: `half of them rolled back, ${LOAD}` },
        wrong: {
          name: 'canaries that did not end as they should',
          unit: '',
          how: `good ones that did not succeed, bad ones that were not rolled back, ${LOAD}`,
          wanted: [atMost(0)],
        },
      },
      sample,
      runs: 1,
    },
  ],
};
