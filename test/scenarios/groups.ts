/** Suites that share one world, by the file of `together/` that runs them. */
export const groups = {
  releases: ['releases', 'strategies', 'rejections', 'migrations', 'validation', 'environments'],
  people: ['approval', 'confirmation', 'pause', 'operator-rollback'],
} as const;
