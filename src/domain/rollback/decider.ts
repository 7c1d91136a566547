import type { Settings } from '../settings/settings';

/**
 * Who decides about a rollback. `automatic`: nobody is asked. `confirm`: traffic returns at once, and people say whether
 * the rollback is completed. `propose`: traffic stays, and people choose between going back and a fix.
 */
export const deciders = ['automatic', 'confirm', 'propose'] as const;
export type Decider = (typeof deciders)[number];

/**
 * The older a release, the more the rollback costs that only people can weigh: what its users have done with it since.
 * While blue still has users, and before any shift, it costs nothing of the kind, however long the bake.
 * @param shift what stands; null before the first shift
 * @param ageSeconds since that shift
 */
export function whoDecides(
  shift: { greenPercent: number } | null,
  ageSeconds: number,
  { automaticSeconds, confirmSeconds }: Pick<Settings['rollback'], 'automaticSeconds' | 'confirmSeconds'>,
): Decider {
  if (shift === null || shift.greenPercent < 100) return 'automatic';
  if (ageSeconds <= automaticSeconds) return 'automatic';
  return ageSeconds <= confirmSeconds ? 'confirm' : 'propose';
}
