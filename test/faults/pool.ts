/** A job that is not done by then is given up, in real time: no deployment of a story takes as long. */
const LIMIT_MS = 300_000;

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

/** Where jobs are done, so many side by side. */
export interface Places<Place> {
  many: number;
  open(): Promise<Place>;
}

/**
 * Does jobs in several places side by side. What goes wrong with a job is told to `failed`. A place is replaced by a new
 * one when its job failed, for nobody knows what that left behind, or when the job says so by giving false.
 */
export async function doAll<Place extends { close(): Promise<void> }, Job>(
  jobs: readonly Job[],
  { many, open }: Places<Place>,
  work: (place: Place, job: Job) => Promise<boolean>,
  failed: (job: Job, error: Error) => void,
): Promise<void> {
  const left = [...jobs];
  async function worker(): Promise<void> {
    let place: Place | undefined;
    try {
      for (let job = left.shift(); job !== undefined; job = left.shift()) {
        place ??= await open();
        const usable = await within(LIMIT_MS, work(place, job)).catch((error: Error) => {
          failed(job as Job, error);
          return false;
        });
        if (usable) continue;
        await place.close();
        place = undefined;
      }
    } finally {
      await place?.close();
    }
  }
  await Promise.all(Array.from({ length: many }, worker));
}
