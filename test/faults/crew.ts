import { startWorld, type World, type WorldOptions } from '../scenarios/world';

/** A job that is not done by then is given up, in real time: no deployment of a story takes as long. */
const LIMIT_MS = 240_000;

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not end within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How many worlds, and what each is like. */
export type Crew = WorldOptions & { worlds: number };

/**
 * Works through jobs in several worlds side by side. What goes wrong with a job is told to `failed`, and its world is
 * replaced by a new one: nobody knows what the job left in it.
 */
export async function inWorlds<Job>(
  jobs: readonly Job[],
  { worlds, ...options }: Crew,
  work: (world: World, job: Job) => Promise<void>,
  failed: (job: Job, error: Error) => void,
): Promise<void> {
  const left = [...jobs];
  async function worker(): Promise<void> {
    let world: World | undefined;
    try {
      for (let job = left.shift(); job !== undefined; job = left.shift()) {
        world ??= await startWorld(options);
        try {
          await within(LIMIT_MS, work(world, job));
        } catch (error) {
          failed(job, error as Error);
          await world.close();
          world = undefined;
        }
      }
    } finally {
      await world?.close();
    }
  }
  await Promise.all(Array.from({ length: worlds }, worker));
}
