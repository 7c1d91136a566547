import type { Clock } from '../../clock';

const UNITS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The milliseconds of `rate(5 minutes)`; throws an Error for cron() and for what is no schedule. */
export function parseRate(expression: string): number {
  const [, count, unit, plural] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const number = Number(count);
  if (count && number > 0 && (number === 1) === (plural === '')) return number * UNITS[unit!]!;
  throw new Error(
    expression.startsWith('cron(')
      ? `${expression} cannot be run locally; use rate(...)`
      : `Parameter ScheduleExpression is not valid: ${expression}`,
  );
}

/** Calls `tick` after every period of cloud time until the signal is aborted. */
export async function every(
  clock: Clock,
  periodMs: number,
  signal: AbortSignal,
  tick: () => void,
): Promise<void> {
  while (true) {
    try {
      await clock.sleep(periodMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    tick();
  }
}
