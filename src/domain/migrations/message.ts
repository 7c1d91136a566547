import { sentence } from '../text/sentence';
import { type Assessment, type AssessmentText, strength, strongest } from './assessment';
import { type LockMode, type LockTaken, lockModes } from './types';

const MOST_NAMED = 5;

/** "a, b and c", "a, b, c, d, e and 95 more": a table may have thousands of partitions. */
function listed(names: string[]): string {
  const left = names.length - MOST_NAMED;
  const shown = left > 1 ? [...names.slice(0, MOST_NAMED), `${left} more`] : names;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown.join('');
}

const relationsOf = (locks: LockTaken[]) => listed(locks.map(({ relation }) => relation));

/** Who waits for a statement that takes long: for its locks, for an index that each plan opens, or for single rows. */
function whoWaits(locks: LockTaken[], { blocksReads, blocksWrites }: Assessment): string {
  const from = (mode: LockMode) => locks.filter((lock) => strength(lock) >= lockModes.indexOf(mode));
  const [closed, readable] = [from('ACCESS EXCLUSIVE'), from('SHARE')];
  if (blocksReads && closed.length === 0) return `reads and writes of ${relationsOf(locks)}`;
  if (blocksWrites && readable.length === 0) return `writes of the same rows of ${relationsOf(locks)}`;
  const written = readable.filter((lock) => !closed.includes(lock));
  return [
    ...(closed.length > 0 ? [`reads and writes of ${relationsOf(closed)}`] : []),
    ...(written.length > 0 ? [`writes of ${relationsOf(written)}`] : []),
  ].join(' and ');
}

function waiting(assessment: Assessment): string {
  const { under } = assessment.text;
  const who = whoWaits(strongest([...assessment.locks, ...(under?.locks ?? [])]), assessment);
  const time = assessment.long ? 'takes longer the bigger the table is' : 'is soon in a small table';
  return `makes ${who} wait until it is done, which ${time}${under ? `, because ${under.cause}` : ''}`;
}

/** The locks in PostgreSQL's words, each with what it is taken on. */
const taken = (locks: LockTaken[]) =>
  [...new Set(locks.map(({ mode }) => mode))]
    .map((mode) => `${mode} on ${relationsOf(locks.filter((lock) => lock.mode === mode))}`)
    .join(' and ');

const mild = ({ locks, blocksReads, blocksWrites }: Assessment) =>
  blocksReads || blocksWrites ? `takes ${taken(locks)} briefly` : 'blocks nobody';

/** What a assessment says: the statement, what it does to production, who waits and for how long, what fails. */
export function messageOf(assessment: Assessment): string {
  const { act, slow, harms, harmless, notice } = assessment.text;
  const does = [...(slow ? [waiting(assessment)] : []), ...(harms.length > 0 ? [harms.join(' and ')] : [])];
  return sentence(`${act} ${does.join(', and ') || (harmless ?? mild(assessment))}${notice}`);
}

/** What to do instead, a line for each statement and each sentence. */
export const remedyOf = ({ remedy }: AssessmentText): string =>
  [
    ...remedy,
    ...(remedy.some((line) => line.includes('<…>'))
      ? ['Only you know what belongs in the place of each <…>.']
      : []),
  ].join('\n');
