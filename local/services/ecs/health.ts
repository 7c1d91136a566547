import type { HealthCheck } from '@aws-sdk/client-ecs';
import type { Clock } from '../../clock';
import type { Processes } from '../../processes';
import { LIMITS, type Limit } from './health-check';
import type { TaskContainer } from './task';

interface Place {
  cwd: string;
  env: Record<string, string>;
  /** The command of a program, as the container itself is started with. */
  commandOf(words: string[]): string[];
}

/**
 * Runs the check of a container again and again until the container has ended; `changed` is called when its health is
 * another. As in Docker: first after an interval, again an interval after the one before has ended; failures in the start
 * period do not count until one has passed. Source: Docker documentation, Dockerfile reference, HEALTHCHECK.
 */
export async function watchHealth(
  container: TaskContainer,
  place: Place,
  { clock, processes }: { clock: Clock; processes: Processes },
  changed: () => void,
): Promise<void> {
  const check = container.definition.healthCheck!;
  const [interval, timeout, retries, startPeriod] = Object.entries(LIMITS).map(
    ([limit, [, , usual]]) => check[limit as Limit] ?? usual,
  ) as [number, number, number, number];
  const ended = new AbortController();
  container.ended?.then(() => ended.abort());
  let counts = clock.now() + startPeriod * 1000;
  let failures = 0;
  for (;;) {
    try {
      await clock.sleep(interval * 1000, ended.signal);
    } catch {
      return;
    }
    const passed = await passes(check, place, timeout * 1000, { clock, processes });
    if (ended.signal.aborted) return;
    if (passed) counts = clock.now();
    failures = passed || clock.now() < counts ? 0 : failures + 1;
    const health = passed ? 'HEALTHY' : failures >= retries ? 'UNHEALTHY' : container.health;
    if (health === container.health) continue;
    container.health = health;
    changed();
  }
}

/** One run of the command: exit code 0 within its time, which is real, is a pass. */
async function passes(
  { command = [] }: HealthCheck,
  { cwd, env, commandOf }: Place,
  timeoutMs: number,
  { clock, processes }: { clock: Clock; processes: Processes },
): Promise<boolean> {
  const [form, ...words] = command;
  const [program, ...args] = form === 'CMD-SHELL' ? ['/bin/sh', '-c', words.join(' ')] : commandOf(words);
  const child = processes.spawn(program!, args, { cwd, env, stdio: 'ignore' });
  const over = new AbortController();
  const exit = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  }).finally(() => over.abort());
  const late = clock.deadline(timeoutMs, over.signal).then(
    () => processes.stop(child, 0),
    () => undefined,
  );
  const passed = await exit;
  await late;
  return passed;
}
