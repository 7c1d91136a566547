/** What is shown of a database that something is done with. */
interface Shown {
  status: string;
  /** Resolves when what is going on with it is over; never rejects. */
  work: Promise<void>;
}

/** Shows `during` until the work is done, then `after`; a failure shows `failed`. */
export function transition(
  record: Shown,
  { during, after, failed }: { during: string; after: string; failed: (error: Error) => void },
  work: () => Promise<void>,
): Promise<void> {
  record.status = during;
  const done = work().then(
    () => {
      record.status = after;
    },
    (error: Error) => {
      record.status = 'failed';
      failed(error);
      throw error;
    },
  );
  // the caller of the API does not wait for it; who does, gets the error from the returned promise
  record.work = done.catch(() => {});
  return done;
}
