import type { Deployment, Release } from './story';

/** Cloud seconds. Short where nobody is expected to come, long where real work is done at its own speed. */
const deadlines = {
  lockSeconds: 600,
  snapshotSeconds: 1200,
  migrationSeconds: 1200,
  contractSeconds: 600,
  greenSeconds: 600,
  evidenceSeconds: 900,
  rollbackSeconds: 1200,
  pauseSeconds: 120,
};
/** A story's users are few, and time passes too fast to judge theirs. */
const thresholds = { minimumRequests: 10, latencyIncrease: null };

const ways = {
  automatic: { automaticSeconds: 86_400, confirmSeconds: 86_400 },
  confirm: { automaticSeconds: 0, confirmSeconds: 86_400 },
  propose: { automaticSeconds: 0, confirmSeconds: 0 },
};

/** The request of a deployment, or of a second one that is asked for meanwhile. */
export function requestOf({ version, strategy, migrations, onBusy, ...more }: Release | Deployment): object {
  return {
    service: 'shop',
    image: `shop:${version}`,
    reason: 'a story',
    strategy,
    migrations,
    onBusy,
    deadlines,
    thresholds,
    canaryPercent: 50,
    linear: { percent: 50, seconds: 5 },
    ...('approval' in more && more.approval && { approval: 'required' }),
    rollback: {
      ...ways['wayBack' in more ? more.wayBack : 'automatic'],
      warmSeconds: 'warm' in more && more.warm ? 3600 : 0,
      timeoutSeconds: 300,
    },
  };
}
