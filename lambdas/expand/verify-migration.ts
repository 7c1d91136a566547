import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { baselineOf } from '../../src/aws/baseline';
import { claims } from '../../src/aws/journal';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { verifyMigrationResult } from '../../src/domain/results/expand';
import {
  idle,
  judgeSeeds,
  othersSeconds,
  rowsChanged,
  type SeedsLook,
  type Unseen,
  unproven,
  written,
} from '../../src/domain/seeds/proof';
import { type Round, rounds } from '../../src/domain/seeds/rounds';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import type { Opened } from '../../src/domain/step/port';
import { secondsSince } from '../../src/domain/time/deadline';
import { checksOf, failures, validate } from '../../src/domain/validation';
import type { Judgement, Plan } from '../../src/domain/validation/check';
import { changedTables } from '../../src/domain/validation/touched';
import { data } from '../../src/postgres/data';
import { readable } from '../../src/postgres/readable';
import { lookAround } from '../../src/postgres/seeding';
import { statistics, validation } from '../../src/postgres/validation';
import { defineStep } from '../../src/runtime/define-step';

const uses = { claims, validation, statistics, data, events };
type Ports = Opened<typeof uses>;

async function validateMigrations({ id, settings }: Deployment, plan: Plan, ports: Ports) {
  const checks = checksOf(settings.validation);
  const { before, touched } = await baselineOf(ports.claims, id);
  const after = readable(
    await ports.validation.observe(readerOf(settings), {
      roles: rolesIn(settings),
      checks,
      history: settings.migrations,
      tables: touched.tables,
      before,
    }),
  );
  if (checks.includes('statistics'))
    after.statistics =
      failures(validate(checks, before, after, plan)).length === 0
        ? await ports.statistics.analyse(settings.database.secret, changedTables(touched, before, after))
        : { unseen: 'not gathered: the migrations are about to be taken back' };
  return { fingerprint: after.schema.fingerprint, findings: validate(checks, before, after, plan) };
}

/** What is known of the seeds, or what has to happen before. */
type Known = { said: Judgement } | { round: Round; next: 'run' | 'wait'; waitSeconds: number };

/** After the first run: another one where it has changed anything. */
async function afterFirst(id: string, now: SeedsLook | Unseen, ports: Ports): Promise<Known> {
  const before = await ports.claims.claimed(id, 'seeds-before');
  const first = await ports.claims.claim(id, 'seeds-first', now);
  if (!before) return { said: unproven('nobody knows the rows of before') };
  if ('unseen' in before) return { said: unproven(before.unseen) };
  if ('unseen' in first) return { said: unproven(first.unseen) };
  const said = idle(before, first);
  return said ? { said } : { round: 'seed-again', next: 'run', waitSeconds: 0 };
}

/** After the second run: where rows are others than before it, who else writes to them is looked for. */
async function afterSecond(
  { id, settings }: Deployment,
  seen: SeedsLook | Unseen,
  now: Date,
  ports: Ports,
): Promise<Known> {
  const [before, first, asked, failed] = await Promise.all([
    ports.claims.claimed(id, 'seeds-before'),
    ports.claims.claimed(id, 'seeds-first'),
    ports.claims.claimed(id, 'task-asked#seed-again'),
    ports.claims.claimed(id, 'seeds-failed'),
  ]);
  if ('unseen' in seen) return { said: unproven(seen.unseen) };
  if (!before || !first || !asked || 'unseen' in before || 'unseen' in first)
    return { said: unproven('nobody knows the rows of before') };
  const found = rowsChanged(first, seen);
  const tables = found.changed.map(({ table }) => table);
  const counted = await ports.data.writes(readerOf(settings), tables);
  if ('unreachable' in counted) return { said: unproven(counted.unreachable) };
  const second = await ports.claims.claim(id, 'seeds-second', {
    ...found,
    ...counted,
    at: now.toISOString(),
  });
  const left =
    second.changed.length === 0
      ? 0
      : othersSeconds(secondsSince(asked, new Date(second.at))) - secondsSince(second.at, now);
  if (left > 0) return { round: 'seed-again', next: 'wait', waitSeconds: Math.ceil(left) };
  const later = await ports.data.writes(readerOf(settings), Object.keys(second.writes));
  if ('unreachable' in later) return { said: unproven(later.unreachable) };
  const run = {
    ...second,
    ...{ others: written(second.writes, later.writes), failed, data: first.data },
    ...{ schema: before.fingerprint !== seen.fingerprint, first: rowsChanged(before, first) },
  };
  return { said: judgeSeeds(run, settings.seeds.onChange) };
}

export const verifyMigration = defineStep({
  name: 'VerifyMigration',
  uses,
  // statistics are written anew
  fence: 'forward',
  input: z.object({
    deployment: checkedDeployment,
    plan: z.nullable(z.object({ pending: z.array(z.string()) })),
    /** What has run; null before the first run of the seeds. */
    round: z._default(z.nullable(z.enum(rounds)), 'migrate'),
  }),
  output: verifyMigrationResult,
  async run({ deployment, plan, round, now }, ports) {
    const { id, settings } = deployment;
    const { validation: level } = settings;
    const going = { round, next: null, waitSeconds: 0, verified: true, level, cause: '' };
    if (round === 'migrate') {
      const validated = await validateMigrations(deployment, plan ?? { pending: [] }, ports);
      const problems = failures(validated.findings);
      const bad = problems.length > 0;
      if (bad || !deployment.seeds)
        return { ...going, ...validated, verified: !bad, cause: problems.join('; ') };
      // reading the rows takes its own time
      return { ...going, ...validated, round: null, next: 'wait' as const };
    }
    const seen = await lookAround(ports, settings);
    const of = { ...going, fingerprint: 'unseen' in seen ? '' : seen.fingerprint, findings: [] };
    if (round === null) {
      await ports.claims.claim(id, 'seeds-before', seen);
      return { ...of, round: 'seed' as const, next: 'run' as const };
    }
    const known =
      round === 'seed' ? await afterFirst(id, seen, ports) : await afterSecond(deployment, seen, now, ports);
    if ('next' in known) return { ...of, ...known };
    const { said } = known;
    const at = now.toISOString();
    if (said.status !== 'ok')
      await ports.events.put('SeedsUnproven', {
        ...{ deployment: id, service: settings.service, at, cause: said.detail },
      });
    const verified = said.status !== 'failed';
    return {
      ...of,
      verified,
      findings: [{ check: 'seeds', ...said }],
      cause: verified ? '' : `seeds: ${said.detail}`,
    };
  },
});
