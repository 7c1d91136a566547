import type { Fault } from './faults';

export type EntriesFault = Extract<Fault, { kind: 'entries' }>;

interface Entries {
  Entries?: unknown[];
  FailedEntryCount?: number;
}

/** The only operation that answers for each entry by itself and is served. */
export const ANSWERS_BY_ENTRY = 'events:PutEvents';

const isStruck = ({ entry }: EntriesFault, index: number) => entry === undefined || entry === index + 1;

/** The input without the entries that the fault strikes: the service never sees those. */
export function withoutStruck(input: object, fault: EntriesFault | undefined): object {
  if (!fault) return input;
  const { Entries = [] } = input as Entries;
  return { ...input, Entries: Entries.filter((_, index) => !isStruck(fault, index)) };
}

/** The answer to all of the input: of a call that succeeds, although entries of it have failed. */
export function withStruck(output: object, input: object, fault: EntriesFault | undefined): object {
  if (!fault) return output;
  const answered = [...((output as Entries).Entries ?? [])];
  const { error: ErrorCode = 'InternalFailure', message: ErrorMessage = 'made to fail by a fault' } = fault;
  const Entries = ((input as Entries).Entries ?? []).map((_, index) =>
    isStruck(fault, index) ? { ErrorCode, ErrorMessage } : answered.shift(),
  );
  const struck = Entries.length - ((output as Entries).Entries ?? []).length;
  return { ...output, Entries, FailedEntryCount: ((output as Entries).FailedEntryCount ?? 0) + struck };
}
