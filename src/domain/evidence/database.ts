import type { Judgement } from '../validation/check';
import type { Query } from '../validation/upkeep/queries';
import { judgeQueries } from '../validation/upkeep/slower';
import type { Thresholds } from './thresholds';
import type { Evidence } from './verdict';

/** How the database is doing: numbers about its sessions and standbys, nothing of what is in it. */
export interface Vitals {
  connections: number;
  maxConnections: number;
  /** Sessions that wait for a lock longer than the threshold. */
  blocked: number;
  standbys: number;
  /** The largest replay lag of a standby, in seconds; null where none says. */
  lagSeconds: number | null;
  /** The heaviest statements; absent where nobody counts them, or the role may not see them. */
  queries?: Query[];
}
export type VitalsRead = Vitals | { unreachable: string };

interface Vital {
  said: string;
  value: number;
  limit: number;
  before: number;
}

const used = ({ connections, maxConnections }: Vitals) => connections / maxConnections;

/**
 * Does green hurt the database that both sides share? What stood over its limit before the first user reached green is
 * not green's doing, unless it has become worse.
 * @param before the same numbers from before the first user, where they could be read
 */
export function judgeDatabase(now: VitalsRead, before: VitalsRead | null, thresholds: Thresholds): Evidence {
  if ('unreachable' in now)
    return {
      verdict: 'undecided',
      because: `the database cannot be read: ${now.unreachable}`,
      numbers: {},
    };
  const then = before && 'connections' in before ? before : null;
  const vitals = vitalsOf(now, then, thresholds);
  const over = vitals.filter(({ value, limit }) => value > limit);
  const worse = over.filter(({ value, before }) => value > before);
  const words = (found: Vital[]) => found.map(({ said }) => said).join('; ');
  const slower = slowerSince(now, then, thresholds);
  const numbers = { now: withoutQueries(now), before: before && withoutQueries(before) };
  const failed = slower.status === 'failed' ? [slower.detail] : [];
  if (worse.length + failed.length > 0)
    return {
      verdict: 'unhealthy',
      because: [...worse.map(({ said }) => said), ...failed].join('; '),
      numbers,
    };
  const warnings = [
    ...(over.length > 0 ? [`as before the shift: ${words(over)}`] : []),
    ...(slower.status === 'warning' ? [slower.detail] : []),
  ];
  const warning = warnings.length > 0 ? { warning: warnings.join('; ') } : {};
  if (now.standbys > 0 && now.lagSeconds === null)
    return {
      verdict: 'undecided',
      because: 'the lag of the standbys cannot be read; grant pg_monitor to the role of the secret',
      numbers,
      ...warning,
    };
  return { verdict: 'healthy', because: words(vitals), numbers, ...warning };
}

/** Texts do not belong among the numbers of every look. */
const withoutQueries = <Read extends object>(read: Read) => ({ ...read, queries: undefined });

/** What of the heaviest statements became slower since green was started. What is no harm in an answer is none in a statement. */
function slowerSince(now: Vitals, before: Vitals | null, thresholds: Thresholds): Judgement {
  const { latencyIncrease: fails, latencyWarning: warns, latencyFloorSeconds } = thresholds;
  return judgeQueries(before?.queries ?? [], now.queries ?? [], {
    ...{ fails, warns, floorMs: latencyFloorSeconds * 1000 },
  });
}

function vitalsOf(now: Vitals, before: Vitals | null, thresholds: Thresholds): Vital[] {
  const { connectionsCeiling, blockedCeiling, blockedSeconds, lagCeilingSeconds } = thresholds;
  return [
    {
      said: `${now.connections} of ${now.maxConnections} connections are in use`,
      value: used(now),
      limit: connectionsCeiling,
      before: before ? used(before) : 0,
    },
    {
      said: `${now.blocked} sessions wait for a lock longer than ${blockedSeconds} s`,
      value: now.blocked,
      limit: blockedCeiling,
      before: before?.blocked ?? 0,
    },
    ...(now.lagSeconds === null
      ? []
      : [
          {
            said: `a standby lags ${now.lagSeconds} s behind`,
            value: now.lagSeconds,
            limit: lagCeilingSeconds,
            before: before?.lagSeconds ?? 0,
          },
        ]),
  ];
}
