import { type ServerFacts, serverFigures, serverFindings } from '../doctor/database';
import type { ResultOf } from '../results';
import type { CheckResult } from '.';
import type { Level } from './check';
import { judgeUpkeep, type UpkeepSeen } from './upkeep';

type Finding = ResultOf<'InspectDatabase'>['findings'][number];

/** All that one validation on demand has seen. */
export interface Seen {
  level: Level;
  before: ResultOf<'InspectDatabase'>['before'];
  findings: readonly CheckResult[];
  /** What the user that looks lacks, each as the end of "it …". */
  missing: readonly string[];
  /** Of a comprehensive one. */
  upkeep: UpkeepSeen | { unreachable: string } | undefined;
  /** The server as RDS has it, of a comprehensive one. */
  server: ServerFacts | undefined;
}

function serverFinding(facts: ServerFacts): Finding {
  const found = serverFindings(facts);
  const stops = found.some(({ weight }) => weight === 'stops');
  return {
    check: 'server',
    status: stops ? 'failed' : found.length > 0 ? 'warning' : 'ok',
    detail:
      found.map(({ says }) => says).join('; ') || 'backed up, encrypted, not public, protected from deletion',
  };
}

/** "2 failed, 1 warning" */
function counted(findings: readonly Finding[]): string {
  const of = (status: Finding['status']) => findings.filter((one) => one.status === status).length;
  const [failed, warnings] = [of('failed'), of('warning')];
  return failed + warnings === 0
    ? `${findings.length} checks, nothing was found`
    : `${findings.length} checks, ${failed} failed, ${warnings} with a warning`;
}

/** The result of a validation on demand: what a deployment would find beforehand, and what a database needs over the months. */
export function validated({
  level,
  before,
  findings,
  missing,
  upkeep,
  server,
}: Seen): ResultOf<'InspectDatabase'> {
  const seen = upkeep && !('unreachable' in upkeep) ? upkeep : undefined;
  const judged = seen ? judgeUpkeep(seen) : { findings: [], figures: {} };
  const all: Finding[] = [
    ...(missing.length > 0
      ? [
          {
            check: 'rights',
            status: 'failed' as const,
            detail: `the user of database.readSecret does not see what a deployment has to: it ${missing.join('; it ')}`,
          },
        ]
      : []),
    ...findings,
    ...judged.findings,
    ...(upkeep && 'unreachable' in upkeep
      ? [{ check: 'upkeep', status: 'warning' as const, detail: `unseen: ${upkeep.unreachable}` }]
      : []),
    ...(server ? [serverFinding(server)] : []),
  ];
  return {
    ready: true,
    before,
    level,
    findings: all,
    figures: { ...judged.figures, ...(server ? serverFigures(server) : {}) },
    ...(seen && 'queries' in seen.queries && { queries: seen.queries.queries }),
    cause: `validated, ${level}: ${counted(all)}; nothing was changed`,
  };
}
