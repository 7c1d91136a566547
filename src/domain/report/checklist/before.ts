import { type Attempt, attempts } from '../../attempts/attempt';
import { describeWeights } from '../../traffic/weights';
import { moment } from '../moments';
import { readAs } from '../read';
import { type Known, notSo, open, proven, type Seen } from './point';
import { lastOf } from './rows';

const ASK = 'a dry run shows it, with plan --checklist --deployment and its name';

/** Null where nobody knows yet whether the release has migrations. */
function migratesNothing({ rows, files }: Known): boolean | null {
  const analysed = lastOf(rows, 'AnalyseMigrations');
  if (analysed) return analysed.plan.decision === 'none' && analysed.plan.contract.length === 0;
  return files ? files.migrations === 0 : null;
}

/** Every pending migration has a class, and none is refused. */
export function migrationsRead({ rows, files }: Known): Seen {
  const { plan } = lastOf(rows, 'AnalyseMigrations') ?? {};
  if (plan?.decision === 'refuse') return notSo(plan.cause);
  if (plan)
    return proven(`${plan.pending.length + plan.contract.length} are pending, and none of them is refused`);
  if (!files) return open(ASK);
  const [first] = files.stopping;
  return first === undefined
    ? proven(`${files.migrations} were read, and none of them would stop a deployment`)
    : notSo(`${first}${files.stopping.length > 1 ? `, and ${files.stopping.length - 1} more` : ''}`);
}

/** Attempts of `greenlight try`, by what came of them. */
function triedIn(known: Known, wanted: readonly Attempt[], how: string): Seen {
  const { tried } = known;
  if (!tried) {
    if (migratesNothing(known) === true) return proven('the release migrates nothing');
    return open(how);
  }
  const own = tried.filter(({ attempt }) => wanted.includes(attempt));
  const failed = own.find(({ verdict }) => verdict === 'fails');
  if (failed) return notSo(`${failed.attempt}: ${failed.message ?? failed.migration ?? 'it failed'}`);
  const undone = own.find(({ verdict }) => verdict === 'undone');
  const missing = wanted.filter((attempt) => own.every((one) => one.attempt !== attempt));
  if (undone) return open(`${undone.attempt} was not tried: ${undone.message ?? 'nothing says why'}`);
  if (missing.length > 0) return open(`${missing.join(', ')} was not tried; ${how}`);
  const warned = own.filter(({ verdict }) => verdict === 'warns').length;
  return proven(`${wanted.join(', ')} went well${warned > 0 ? `, with ${warned} warnings` : ''}`);
}

const TRY = 'greenlight try --json > tried.json, then --tried tried.json';

/** Seeds where the deployment brings any, or where they were tried. */
const bringsSeeds = ({ rows, tried }: Known): boolean =>
  lastOf(rows, 'ValidateRequest')?.deployment?.seeds === true ||
  tried?.some(({ attempt }) => attempt === 'seeds') === true;

export const tried = (known: Known): Seen =>
  triedIn(
    known,
    attempts.filter(
      (attempt) =>
        attempt !== 'rollback' && attempt !== 'volume' && (attempt !== 'seeds' || bringsSeeds(known)),
    ),
    TRY,
  );
export const rollbackTried = (known: Known): Seen => triedIn(known, ['rollback'], TRY);
export const volumeTried = (known: Known): Seen =>
  triedIn(
    known,
    ['volume'],
    'greenlight survey --database URL > survey.json, then greenlight try --survey survey.json',
  );

/** The policy takes no image that has not succeeded in the environment before. */
export function staged({ rows }: Known): Seen {
  const request = lastOf(rows, 'ValidateRequest');
  if (!request) return open(ASK);
  if (!request.deployment) return notSo(request.cause);
  const { settings, image } = request.deployment;
  const { promotion, environment } = settings;
  if (promotion) return proven(`${image} has succeeded in ${promotion.after}`);
  return open(`the policy of ${environment} names no environment that comes before it (promotion.after)`);
}

const LOOK = '--service NAME and --workflow STACK look';

/** Whether somebody hears of what goes wrong. */
export function heard({ obstacles }: Known): Seen {
  if (!obstacles) return open(LOOK);
  const people = obstacles.find(({ about }) => about === 'people');
  return people ? notSo(people.says) : proven("the workflow's alarms exist, and its topic has subscribers");
}

/** Whatever else would refuse the deployment, or fail it. */
export function unobstructed({ obstacles }: Known): Seen {
  if (!obstacles) return open(LOOK);
  const others = obstacles.filter(({ about }) => about !== 'people');
  const first = others.find(({ weight }) => weight === 'stops') ?? others[0];
  if (first) return first.weight === 'unseen' ? open(first.says) : notSo(first.says);
  return proven('greenlight doctor finds nothing in the way');
}

/** The live version has all users, and nothing else is at work. */
export function alone({ rows, status }: Known): Seen {
  const looked = lastOf(rows, 'InspectLive');
  // what stands now is newer than a plan
  const isPlan = lastOf(rows, 'ReleaseLock')?.outcome === 'PlanReported';
  if (looked && !(isPlan && status))
    return looked.asRecorded
      ? proven(`slot ${looked.live?.slot ?? 'unknown'} served as recorded, and the lock was free`)
      : notSo(looked.cause);
  if (!status) return open(LOOK);
  const { deployment, closedSince, weights, live } = status;
  if (deployment) return notSo(`${deployment.name} ${deployment.state}`);
  if (closedSince) return notSo(`users get the maintenance page since ${closedSince}`);
  if (typeof weights === 'string') return notSo(weights);
  const shares = weights ? `, weights ${describeWeights(weights)}` : '';
  return live ? proven(`slot ${live.slot} serves${shares}`) : open('nothing is recorded of the service yet');
}

/** What `InspectDatabase` found before anything happened. */
export function databaseReady({ rows }: Known): Seen {
  const row = rows?.findLast(({ step }) => step === 'InspectDatabase');
  const looked = row && readAs('InspectDatabase', row);
  if (!looked) return open(ASK);
  const worst = looked.findings.find(({ status }) => status === 'failed');
  if (worst) return notSo(`${worst.check}: ${worst.detail}`);
  if (!looked.ready) return notSo(looked.cause);
  const warnings = looked.findings.filter(({ status }) => status === 'warning');
  return proven(
    `validated ${looked.level} at ${moment(row.at)}${warnings.map(({ check, detail }) => `; ${check}: ${detail}`).join('')}`,
  );
}

/** Whether a window is open when it is asked for, or when it waits until. */
export function mayBegin({ rows }: Known): Seen {
  const looked = lastOf(rows, 'AwaitWindow');
  if (looked) return (looked.status === 'closed' ? notSo : proven)(looked.cause);
  const begins = lastOf(rows, 'ChooseStrategy')?.begins;
  if (!begins) return open(ASK);
  return (begins.may === 'not' ? notSo : proven)(begins.because);
}

/** Who approved, where somebody has to. */
export function approved({ rows }: Known): Seen {
  const answer = lastOf(rows, 'RecordApproval');
  if (answer)
    return (answer.approved ? proven : notSo)(
      `${answer.by} ${answer.approved ? 'approved' : 'rejected'}: ${answer.reason}`,
    );
  const asked = lastOf(rows, 'RequestApproval');
  if (asked) return open(`asked until ${moment(asked.expiresAt)}, because ${asked.because}`);
  const chosen = lastOf(rows, 'ChooseStrategy');
  if (!chosen?.approval) return open(chosen?.cause || ASK);
  return chosen.approval.needed
    ? open(`somebody has to: ${chosen.approval.because}`)
    : proven('the policy asks nobody for it');
}
