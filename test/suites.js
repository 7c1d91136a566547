// Which suites are long, and what is done about it. Plain JavaScript, for jest's sequencer; names are paths below test/.

/** Suites that share one world, by the file of `scenarios/together/` that plays them; the others each start their own. */
const together = {
  // the last of the maintenance suite leaves a database that nobody can go back from
  releases: ['releases', 'logs', 'strategies', 'rejections', 'migrations', 'environments', 'maintenance'],
  people: ['approval', 'confirmation', 'pause', 'operator-rollback'],
};

/** The longest suites of `npm test`. A file's size, by which a first run is ordered, says nothing of them. */
const longest = [
  'scenarios/together/releases',
  'faults/sample',
  'migrations/contract',
  'domain/migrations/proofs',
  'differential/differential',
  'differential/plans',
  'package/consumer',
  'local/main',
];

/** Suites of minutes, each about a part of which another one is in `npm test`: `npm run scenarios` plays them. */
const scenariosOnly = [
  'cli/local',
  'faults/random',
  'input/secrets',
  'page/states',
  'scenarios/together/people',
  'scenarios/adoption',
  'scenarios/alarms',
  'scenarios/aurora',
  'scenarios/bad-days',
  'scenarios/bad-days-disk',
  'scenarios/bad-days-guard',
  'scenarios/bad-days-tools',
  'scenarios/busy',
  'scenarios/capacity',
  'scenarios/cdk',
  'scenarios/cdk-example',
  'scenarios/command-line',
  'scenarios/contract',
  'scenarios/doctor',
  'scenarios/drift',
  'scenarios/evidence',
  'scenarios/few-requests',
  'scenarios/first',
  'scenarios/grants',
  'scenarios/http-api',
  'scenarios/init',
  'scenarios/instance',
  'scenarios/interruptions',
  'scenarios/known-bugs',
  'scenarios/late-metrics',
  'scenarios/own-evidence',
  'scenarios/page',
  'scenarios/pipelines',
  'scenarios/pure-worker',
  'scenarios/reconciler',
  'scenarios/recovery',
  'scenarios/report',
  'scenarios/rollbacks',
  'scenarios/safekeeping',
  'scenarios/seeds',
  'scenarios/scale',
  'scenarios/slow',
  'scenarios/stack-updates',
  'scenarios/strict',
  'scenarios/streams',
  'scenarios/test-kinds',
  'scenarios/timeout',
  'scenarios/trial',
  'scenarios/trying',
  'scenarios/watched',
  'scenarios/two-workflows',
  'scenarios/unanswered',
  'scenarios/validate',
  'scenarios/validation',
  'scenarios/waking',
  'scenarios/windows',
  'scenarios/workers',
  'scenarios/workflow-updates',
];

module.exports = { together, longest, scenariosOnly };
