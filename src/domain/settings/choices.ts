/** What a service's settings and a request choose from. Apart from their schemas, which most functions do not need. */

/** The two places a version can run in. Blue is the slot that serves, green the other: they trade roles. */
export const SLOTS = ['a', 'b'] as const;
export type Slot = (typeof SLOTS)[number];
export const otherSlot = (slot: Slot): Slot => (slot === 'a' ? 'b' : 'a');

/** How the traffic moves, in Amazon ECS's own words where it has one. */
export const strategies = ['ALL_AT_ONCE', 'CANARY', 'LINEAR', 'ROLLING', 'MAINTENANCE'] as const;
export type Strategy = (typeof strategies)[number];
/** What may be asked for: `AUTO` leaves the choice to the release's migrations. */
export const askable = [...strategies, 'AUTO'] as const;

/** What a request may override. */
export const overrides = [
  'strategy',
  'canaryPercent',
  'linear',
  'bakeSeconds',
  'thresholds',
  'deadlines',
  'onBusy',
  'rollback',
  'validation',
  'acceptAlarms',
] as const;

/** What a deployment does that finds another one at work on its service. */
export const busyAnswers = ['reject', 'wait', 'supersede'] as const;
export type OnBusy = (typeof busyAnswers)[number];
