import * as z from 'zod/mini';
import { claims } from '../../src/aws/journal';
import { metrics } from '../../src/aws/metrics';
import { tasksInPlace } from '../../src/aws/tasks-in-place';
import { CONTRACT_CHECKS, judgeContract } from '../../src/domain/database/contract-phase';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { applicationName } from '../../src/domain/deployment/names';
import { contractSchema, greenSchema, shiftSchema } from '../../src/domain/deployment/variables';
import { judgeErrors } from '../../src/domain/evidence/errors';
import { judgeFleet } from '../../src/domain/evidence/fleet';
import { totalOf } from '../../src/domain/evidence/request-counts';
import { waysOut } from '../../src/domain/migrations/pending';
import { verifyContractResult } from '../../src/domain/results/contract';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import { aloneIn } from '../../src/domain/settings/slots';
import { InvalidInput } from '../../src/domain/step/errors';
import { nextPoll, secondsSince } from '../../src/domain/time/deadline';
import { failures, validate } from '../../src/domain/validation';
import { rulesOf } from '../../src/migrations/history';
import { database } from '../../src/postgres/database';
import { readable } from '../../src/postgres/readable';
import { validation } from '../../src/postgres/validation';
import { defineStep } from '../../src/runtime/define-step';

export const verifyContract = defineStep({
  name: 'VerifyContract',
  uses: { claims, metrics, tasksInPlace, database, validation },
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    green: greenSchema,
    shift: shiftSchema,
    contract: z.required(contractSchema, { migration: true, ended: true }),
  }),
  output: verifyContractResult,
  async run({ deployment, green, shift, contract, now }, ports) {
    const { settings, id } = deployment;
    const { migrations, soakSeconds, deadlines } = settings;
    const { startedAt } = contract.migration;
    const endedAt = new Date(contract.ended.at);
    const since = await ports.claims.claimed(id, 'first-look');
    const [looked, observed, before, after, earlier] = await Promise.all([
      ports.database.look(readerOf(settings), migrations, {
        application: applicationName(id),
        roles: rolesIn(settings),
        since,
      }),
      ports.validation.observe(readerOf(settings), {
        roles: rolesIn(settings),
        checks: CONTRACT_CHECKS,
        history: migrations,
      }),
      ports.claims.claimed(id, 'contract-before'),
      ports.metrics.periods(settings, green.slot, endedAt, now),
      ports.metrics.periods(settings, green.slot, new Date(shift.since), new Date(startedAt)),
    ]);
    const look = readable(looked);
    const seen = readable(observed);
    if (!before) throw new InvalidInput('the journal does not know what the schema was before the contract');
    const damage = failures(validate(CONTRACT_CHECKS, before, seen, { pending: contract.pending }));
    const elapsed = secondsSince(contract.ended.at, now);
    const { errors, requests } = totalOf(after);
    // one version, before and after: what got worse is the contracted schema's doing
    const { verdict, numbers, because } = settings.traffic
      ? {
          ...judgeErrors(
            { green: after, blue: earlier, sameMinutes: false, streams: settings.streams !== null },
            settings.thresholds,
          ),
          because: `${errors} of ${requests} requests failed`,
        }
      : judgeFleet(await ports.tasksInPlace.since(settings, green.slot, endedAt));
    const watchedFor = soakSeconds + (verdict === 'undecided' ? deadlines.evidenceSeconds : 0);
    const judged = judgeContract({
      wanted: contract.pending,
      ended: contract.ended,
      before: before.schema,
      now: { ...seen.schema, upTo: seen.history.upTo, backends: look.backends.length, damage },
      served: `${because} since they ended`,
      alone: aloneIn(settings),
      // few users may be quiet for long; a worker whose tasks do not come up is not
      verdict: !settings.traffic && verdict === 'undecided' && elapsed >= watchedFor ? 'unhealthy' : verdict,
      watched: elapsed >= watchedFor,
      late: elapsed > deadlines.contractSeconds,
    });
    const out = judged.status === 'stuck' ? waysOut(look.leftovers, rulesOf(migrations.tool)) : [];
    return {
      waitSeconds: nextPoll(contract.ended.at, now, deadlines.evidenceSeconds),
      numbers,
      ...judged,
      cause: [judged.cause, ...out].join('; '),
    };
  },
});
