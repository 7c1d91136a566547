import { expiry, type Question } from '../approval/question';
import type { Deployment } from '../deployment/deployment';
import type { Decider } from './decider';

interface RollbackQuestionFacts {
  deployment: Deployment;
  decides: Exclude<Decider, 'automatic'>;
  /** What convicted green, with the numbers. */
  cause: string;
  /** Since when all users have been on green, in ISO 8601. */
  since: string;
  /** The deployment's own migrations ran. */
  migrated: boolean;
  now: Date;
}

/** What no answer means: with the traffic on the safe side the rollback is completed, else the service's settings say. */
export const completedByDefault = ({ settings }: Deployment, decides: Decider) =>
  decides !== 'propose' || settings.rollback.onTimeout === 'complete';

/** What each answer would lose, for people who have to choose at once. */
export function rollbackQuestion({
  deployment,
  decides,
  cause,
  since,
  migrated,
  now,
}: RollbackQuestionFacts): Question {
  const { id, settings, requestedImage } = deployment;
  const { service } = settings;
  const expiresAt = expiry(now, settings.rollback.timeoutSeconds);
  const schema = migrated
    ? 'the schema stays expanded, and what only the new version wrote there stays unread'
    : 'the schema did not change';
  const byDefault = completedByDefault(deployment, decides)
    ? 'the rollback is completed'
    : 'an operator is called and both versions keep running';
  const follow = settings.workers.length > 0;
  const lines = {
    confirm: [
      `all traffic ${follow ? 'and all workers are' : 'is'} back on the previous version already`,
      `yes completes the rollback: ${requestedImage} is stopped; ${schema}`,
      'no leaves both versions running and the lock taken, for an operator to go on',
    ],
    propose: settings.traffic
      ? [
          `all traffic ${follow ? 'and the workers that have moved are' : 'is'} still on ${requestedImage}: the requests that fail now go on failing until somebody decides`,
          `yes goes back: users lose what only ${requestedImage} gave them since ${since}; ${schema}`,
          'no keeps the traffic where it is and the lock taken: fix forward, with the commands that the operator is told',
        ]
      : [
          `${requestedImage} goes on working until somebody decides`,
          `yes goes back: what ${requestedImage} has done since ${since} stays as it is; ${schema}`,
          'no keeps it running and the lock taken: fix forward, with the commands that the operator is told',
        ],
  };
  return {
    deployment: id,
    name: 'rollback',
    title:
      decides === 'confirm'
        ? `${service}: complete the rollback of ${requestedImage}?`
        : `${service}: roll ${requestedImage} back, or fix forward?`,
    lines: [
      `${requestedImage} was convicted: ${cause}`,
      `it ${settings.traffic ? 'has had all traffic' : 'has been the only one that runs'} since ${since}`,
      ...lines[decides],
      `without an answer until ${expiresAt} ${byDefault}`,
    ],
    askedAt: now.toISOString(),
    expiresAt,
  };
}
