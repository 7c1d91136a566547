/** Suites that share one world, by the file of `together/` that runs them. */
export const groups = {
  releases: ['releases', 'strategies', 'rejections', 'migrations', 'validation', 'environments'],
  recovery: ['recovery', 'reconciler', 'busy'],
  people: ['approval', 'confirmation', 'pause', 'operator-rollback'],
  mishaps: ['interruptions', 'rollbacks', 'evidence'],
} as const;
