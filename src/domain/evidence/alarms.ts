import type { Evidence } from './verdict';

/** An alarm as CloudWatch shows it. */
export interface AlarmSeen {
  name: string;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** Why, in CloudWatch's words. */
  reason: string;
  /** When it last went to ALARM in the time that was asked for, in ISO 8601, where it is in another state again. */
  alarmedAt?: string;
}

/** Which of the service's alarms are looked at, and which of them the request accepts. */
export interface Watched {
  alarms: readonly string[];
  accepted: readonly string[];
}

const why = ({ reason }: AlarmSeen) => (reason ? `: ${reason}` : '');
const NOT_THERE =
  'was deleted, is in another region, or is a composite alarm, which only whoever may read all alarms can see';

const absent = (seen: readonly AlarmSeen[], { alarms, accepted }: Watched) =>
  alarms.filter((name) => !accepted.includes(name) && !seen.some((one) => one.name === name));

/**
 * Why no user is sent to green: an alarm that is in ALARM already says nothing of green afterwards, and one that is not there
 * never will. Undefined where all are as they should be, or accepted.
 */
export function alarmsAgainst(seen: readonly AlarmSeen[], watched: Watched): string | undefined {
  const wrong = [
    ...seen
      .filter(({ name, state }) => state === 'ALARM' && !watched.accepted.includes(name))
      .map((alarm) => ({ name: alarm.name, said: `alarm ${alarm.name} is in ALARM already${why(alarm)}` })),
    ...absent(seen, watched).map((name) => ({
      name,
      said: `alarm ${name} of the settings' evidence.alarms ${NOT_THERE}`,
    })),
  ];
  if (wrong.length === 0) return undefined;
  const names = JSON.stringify(wrong.map(({ name }) => name));
  return `${wrong.map(({ said }) => said).join('; ')}; start again when that is over, or accept it with "acceptAlarms": ${names}`;
}

/**
 * Did an alarm of the service go off? One that was in ALARM at any time since users reached green convicts, whatever its
 * state is now. INSUFFICIENT_DATA does not: what silence means is said by the alarm's own treatment of missing data.
 * @param seen since users reached green
 */
export function judgeAlarms(seen: readonly AlarmSeen[], watched: Watched): Evidence {
  const numbers = Object.fromEntries(
    seen.map(({ name, state, alarmedAt = '' }) => [name, `${state} ${alarmedAt}`.trim()]),
  );
  const off = seen.filter(({ state, alarmedAt }) => state === 'ALARM' || alarmedAt !== undefined);
  const words = (some: readonly AlarmSeen[]) =>
    some
      .map((alarm) =>
        alarm.state === 'ALARM'
          ? `alarm ${alarm.name} is in ALARM${why(alarm)}`
          : `alarm ${alarm.name} went to ALARM at ${alarm.alarmedAt}${why(alarm)}`,
      )
      .join('; ');
  const convicting = off.filter(({ name }) => !watched.accepted.includes(name));
  if (convicting.length > 0) return { verdict: 'unhealthy', because: words(convicting), numbers };
  const warning = off.length > 0 ? { warning: `accepted: ${words(off)}` } : {};
  const missing = absent(seen, watched);
  if (missing.length > 0) {
    const because = missing.map((name) => `alarm ${name} ${NOT_THERE}`).join('; ');
    return { verdict: 'undecided', because, numbers, ...warning };
  }
  const silent = seen.filter(({ state }) => state === 'INSUFFICIENT_DATA').map(({ name }) => name);
  const without = silent.length > 0 ? `, ${silent.join(', ')} without data` : '';
  return {
    verdict: 'healthy',
    because: `none of ${watched.alarms.length} alarms went off${without}`,
    numbers,
    ...warning,
  };
}
