import { countedTests } from '../../evidence/smoke-tests';
import type { JournalRow } from '../../results/row';
import { moment } from '../moments';
import { remainsIn } from '../told';
import { type Known, notSo, open, proven, type Seen } from './point';
import { lastOf } from './rows';

const YET = 'the deployment shows it';

/** Of a deployment that is over; undefined while it is not. */
const endIn = (rows: readonly JournalRow[] | undefined) =>
  lastOf(rows, 'CompleteDeployment') ?? lastOf(rows, 'ReleaseLock') ?? lastOf(rows, 'CallOperator');

/** What has not come to pass is open while it may still come, and afterwards said to have not. */
const never = ({ rows }: Known, says: string): Seen => (endIn(rows) ? open(says) : open(YET));

export function backedUp(known: Known): Seen {
  const { rows } = known;
  const begun = lastOf(rows, 'SnapshotDatabase');
  const looked = lastOf(rows, 'CheckSnapshot');
  if (looked?.status === 'failed') return notSo(looked.cause);
  if (looked?.status === 'available' && begun)
    return proven(`${begun.snapshot.name} of ${moment(begun.snapshot.startedAt)} is available`);
  if (lastOf(rows, 'AnalyseMigrations')?.plan.decision === 'none')
    return proven('not needed: the release migrates nothing before its users come');
  return never(known, 'it ended without one');
}

export function migrated(known: Known): Seen {
  const verified = lastOf(known.rows, 'VerifyMigration');
  if (verified)
    return verified.verified
      ? proven(`the schema is what was expected, validated ${verified.level}`)
      : notSo(verified.cause);
  const ran = lastOf(known.rows, 'CheckMigration');
  if (ran?.status === 'failed') return notSo(ran.cause);
  if (lastOf(known.rows, 'AnalyseMigrations')?.plan.decision === 'none') return proven('nothing was pending');
  return never(known, 'it ended before they ran');
}

export function tested(known: Known): Seen {
  const asked = lastOf(known.rows, 'SmokeTestGreen');
  if (asked?.status === 'passed') {
    const tests = countedTests(asked.results);
    return tests ? proven(`${tests} passed`) : open('the service has no test of its own');
  }
  return asked?.status === 'failed' ? notSo(asked.cause) : never(known, 'green was not asked');
}

export function shifted(known: Known): Seen {
  const looked = lastOf(known.rows, 'ObserveGreen');
  const moved = lastOf(known.rows, 'ShiftTraffic');
  if (lastOf(known.rows, 'ReturnTraffic')?.returned) return notSo('users went back to blue');
  if (looked?.verdict === 'unhealthy') return notSo(looked.cause);
  if (looked?.verdict === 'healthy' && (!moved || moved.greenPercent === 100))
    return proven(`green was healthy with ${moved ? `${moved.greenPercent} % of the` : 'all'} users`);
  return never(known, 'green never had all users');
}

export function ended({ rows }: Known): Seen {
  const end = endIn(rows);
  if (!end) return open(YET);
  return end.outcome === 'DeploymentSucceeded' ? proven(end.outcome) : notSo(end.outcome);
}

export function nothingLeft({ rows }: Known): Seen {
  if (!rows || !endIn(rows)) return open(YET);
  const left = remainsIn(rows);
  return left.length === 0 ? proven('nothing remains to do') : notSo(left.join('; '));
}

export function returnable({ status }: Known): Seen {
  if (!status) return open('--service NAME and --workflow STACK look');
  const { rollback } = status;
  return rollback.possible
    ? proven(`a rollback is possible until ${moment(rollback.until)}`)
    : notSo(rollback.because);
}
