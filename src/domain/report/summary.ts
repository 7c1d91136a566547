/** How each outcome is told of the version that was asked for. */
const WORDS: Record<string, string> = {
  DeploymentSucceeded: 'is live',
  RolledBack: 'was rolled back',
  DeploymentRejected: 'was rejected',
  PlanReported: 'was planned, and nothing was changed',
  NeedsOperator: 'needs an operator',
};

const VALIDATED = 'was validated, and nothing was changed';

/** The outcome in one sentence: of what was no success the first of its causes. */
export function summaryOf(
  image: string,
  { outcome, cause, only }: { outcome: string | null; cause: string; only?: 'validation' | null },
): string {
  const [first = ''] = cause.split(/; |\n/);
  const words =
    only && outcome === 'PlanReported' ? VALIDATED : ((outcome && WORDS[outcome]) ?? 'has not ended');
  const why = first === '' || outcome === 'PlanReported' ? '' : `: ${first.replace(/\.$/, '')}`;
  return `${image} ${words}${why}.`;
}
