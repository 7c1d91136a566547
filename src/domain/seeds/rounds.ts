/**
 * What a deployment runs in the container of its migrations before users reach green, in this order: its expand migrations, its seeds,
 * and those once more. `unseed` takes them back.
 */
export const rounds = ['migrate', 'seed', 'seed-again', 'unseed'] as const;
export type Round = (typeof rounds)[number];

/** As the subject of a sentence. */
export const roundText = (round: Round | 'revert'): string => TEXTS[round];

const TEXTS: Record<Round | 'revert', string> = {
  migrate: 'the migration',
  revert: 'taking migrations back',
  seed: 'the run of the seeds',
  'seed-again': 'the second run of the seeds',
  unseed: 'taking the seeds back',
};

/** The name of a run among those of a deployment: what the first run of the migrations is called is as old as its numbers. */
export const runName = (round: Round, run: number): string =>
  round === 'migrate' ? String(run) : `${round}#${run}`;
