import type { AlarmSeen } from '../evidence/alarms';
import { alarmsAgainst } from '../evidence/alarms';
import type { Settings } from '../settings/settings';
import { about, type Finding } from './finding';

export interface ReleaseFacts {
  settings: Settings;
  /** Name of the workflow's stack. */
  stack: string;
  /** Who has the lock; undefined while it is free. */
  held: { holder: string; stuck: boolean } | undefined;
  /** Does an execution run that drives the holder? */
  driverRuns: boolean;
  /** The image of the previous version, and whether its repository still has it; undefined where there is none. */
  previous: { image: string; kept: boolean } | undefined;
  alarms: readonly AlarmSeen[];
}

const { stops, risks } = about('release');

/** What is left of the last deployment that stands in the way of the next one, or of going back. */
export function releaseFindings({
  settings,
  stack,
  held,
  driverRuns,
  previous,
  alarms,
}: ReleaseFacts): Finding[] {
  const against = alarmsAgainst(alarms, { alarms: settings.evidence.alarms, accepted: [] });
  return [
    ...(held?.stuck
      ? [
          stops(
            `deployment ${held.holder} was left to people and keeps the lock; npx greenlight lock show ${settings.service} --workflow ${stack} says what is left to do`,
          ),
        ]
      : []),
    ...(held && !held.stuck && !driverRuns
      ? [
          risks(
            `deployment ${held.holder} has the lock and its execution is over; the workflow's schedule goes on with it within minutes: if it does not, look at the function Reconcile`,
          ),
        ]
      : []),
    ...(previous && !previous.kept
      ? [
          risks(
            `${previous.image}, the previous version, is no longer in ${settings.repository}: once its tasks are stopped it cannot be brought back; push it again, and let the repository's lifecycle policy keep what a rollback may need`,
          ),
        ]
      : []),
    ...(against ? [stops(against)] : []),
  ];
}
