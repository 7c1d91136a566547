import { randomFrom } from '../local/endpoint/random';
import type { Door } from './execution';
import type { Known } from './fields';
import { messageProblems } from './message';
import type { Answer } from './parser';
import { badRequest, goodRequest } from './requests';

/** A request that was not treated as it should be. */
export interface Complaint {
  /** Its number: with the seed it can be made again. */
  number: number;
  why: string;
  problems: string[];
  text: string;
  message: string;
}

/** One in so many requests is good, so that a door which rejects everything is noticed. */
const GOOD_EVERY = 10;
export const isGood = (number: number) => number % GOOD_EVERY === GOOD_EVERY - 1;

/** The request of a number: bad, or every tenth time good and odd. */
export function requestOf(seed: number, number: number, known: Known) {
  const random = randomFrom(seed * 100_003 + number);
  if (isGood(number)) return { ...goodRequest(random, known), why: 'odd, but good', paths: [], good: true };
  return { ...badRequest(random, known), good: false };
}
export type Sent = ReturnType<typeof requestOf>;

/** A service looks only at whether a text is an object of JSON that is not too large, not too deep, and has numbers; the local cloud's also for what its JSONata takes for a function. */
const mayBeRefused = (text: string) =>
  !text.startsWith('{') ||
  Buffer.byteLength(text) > 262_144 ||
  /(\[|\{"a":){900}|[0-9]e\+?[0-9]{3}|[0-9]{400}|"_jsonata_\w+":true/i.test(text);

/** Longer ones the graph rejects before it hands them to a step. */
const LONG = 50_000;

/** What is wrong with the answer; undefined when nothing is. */
export function complaintOf(
  number: number,
  { good, paths, why, text }: Sent,
  { rejected, refused, unheard, problems }: Answer,
): Complaint | undefined {
  const found = [...problems];
  if (good && rejected !== undefined) found.push('is good, and was rejected');
  if (refused) found.push(...(mayBeRefused(text) ? [] : ['did not reach the workflow']));
  else if (!good && !unheard)
    found.push(
      ...(rejected === undefined
        ? ['was accepted']
        : messageProblems(rejected, { paths: text.length > LONG ? [...paths, 'request'] : paths })),
    );
  if (found.length === 0) return undefined;
  return { number, why, problems: found, text: text.slice(0, 600), message: rejected?.slice(0, 600) ?? '' };
}

/** Brings each request of these numbers to a door, so many at a time. */
export async function knock(
  door: Door,
  numbers: readonly number[],
  { seed, known, wide = 1 }: { seed: number; known: Known; wide?: number },
): Promise<Complaint[]> {
  const complaints: Complaint[] = [];
  const queue = [...numbers];
  async function work(): Promise<void> {
    for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
      const sent = requestOf(seed, number, known);
      const answer = await door(sent.text, nameOf(number)).catch((error: Error) => ({
        rejected: undefined,
        problems: [`threw ${error.name}: ${error.message}`],
      }));
      const complaint = complaintOf(number, sent, answer);
      if (complaint) complaints.push(complaint);
    }
  }
  await Promise.all(Array.from({ length: wide }, work));
  return complaints;
}

/** The execution that a request of this number gets. */
const nameOf = (number: number) => `asked-${number}`;
