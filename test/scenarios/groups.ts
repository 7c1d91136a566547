/** Suites that share one world, by the file of `together/` that runs them. */
export const groups = {
  // the last of the maintenance suite leaves a database that nobody can go back from
  releases: ['releases', 'strategies', 'rejections', 'migrations', 'environments', 'maintenance'],
  people: ['approval', 'confirmation', 'pause', 'operator-rollback'],
} as const;
