import * as z from 'zod/mini';
import { databaseExaminer } from '../../src/aws/databases';
import { claims } from '../../src/aws/journal';
import { servingDatabase } from '../../src/aws/record';
import { leadsElsewhere, unsupported } from '../../src/domain/database/supported';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { inspectDatabaseResult } from '../../src/domain/results/prepare';
import { databaseIn, shownDatabase } from '../../src/domain/settings/database';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import { beforehand, checksOf, validate } from '../../src/domain/validation';
import { validated } from '../../src/domain/validation/on-demand';
import { sessions } from '../../src/postgres/sessions';
import { validation } from '../../src/postgres/validation';
import { upkeep } from '../../src/postgres/validation/upkeep';
import { defineStep } from '../../src/runtime/define-step';

export const inspectDatabase = defineStep({
  name: 'InspectDatabase',
  uses: { databaseExaminer, servingDatabase, claims, validation, upkeep, sessions },
  input: z.object({
    deployment: checkedDeployment,
    /** Null where nothing but the database is looked at. */
    live: z.nullable(liveSchema),
  }),
  output: inspectDatabaseResult,
  async run({ deployment, live, now }, ports) {
    const { settings, id, only } = deployment;
    const roles = rolesIn(settings);
    const notReady = (cause: string) => ({
      ready: false,
      before: null,
      level: settings.validation,
      findings: [],
      cause,
    });
    const serving = databaseIn(
      settings,
      live?.database ?? (await ports.servingDatabase.read(settings.service)),
    );
    const found = await ports.databaseExaminer.of(serving);
    const other = found
      ? unsupported(serving, found)
      : `there is no ${shownDatabase(serving)}; set database.${serving.kind} to the one that serves`;
    if (other) return notReady(`${other}; nothing was changed`);
    const checks = beforehand(checksOf(settings.validation));
    const { readSecret } = settings.database;
    const rights = readSecret ? await ports.sessions.rights(readSecret, roles) : { missing: [] };
    const missing = 'missing' in rights ? rights.missing : [];
    if (missing.length > 0 && !only)
      return notReady(
        `the user of database.readSecret does not see what a deployment has to: it ${missing.join('; it ')}; nothing was changed`,
      );
    const seen = await ports.validation.observe(readerOf(settings), {
      roles,
      checks,
      history: settings.migrations,
    });
    if ('unreachable' in seen)
      return notReady(
        `database ${serving.name} cannot be read (${seen.unreachable}); nothing was changed: check that it is available and reachable from the workflow's security group`,
      );
    if (only) {
      const comprehensive = settings.validation === 'comprehensive';
      return validated({
        level: settings.validation,
        before: seen.schema,
        findings: validate(checks, seen, seen, { pending: [] }),
        missing,
        upkeep: comprehensive ? await ports.upkeep.of(readerOf(settings), roles) : undefined,
        server: comprehensive ? { database: serving, found, now } : undefined,
      });
    }
    // too much to travel through the history; a retry must not take for before what comes after
    const before =
      (await ports.claims.claimed(id, 'before')) ?? (await ports.claims.claim(id, 'before', seen));
    // whoever is connected since before this moment was so before the new version came
    const clock = await ports.sessions.clock(readerOf(settings));
    const elsewhere = 'at' in clock ? leadsElsewhere(serving, clock) : undefined;
    if (elsewhere) return notReady(`${elsewhere}; nothing was changed`);
    if ('at' in clock) await ports.claims.claim(id, 'first-look', clock.at);
    // compared with itself it tells what was wrong before anybody touched it
    const findings = validate(checks, before, before, { pending: [] });
    return { ready: true, before: seen.schema, level: settings.validation, findings, cause: '' };
  },
});
