import { randomFrom } from '../local/endpoint/random';
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

/** The request of a number: bad, or every tenth time good and odd. */
export function requestOf(seed: number, number: number, known: Known) {
  const random = randomFrom(seed * 100_003 + number);
  if (number % GOOD_EVERY === GOOD_EVERY - 1)
    return { ...goodRequest(random, known), why: 'odd, but good', paths: [], good: true };
  return { ...badRequest(random, known), good: false };
}
export type Asked = ReturnType<typeof requestOf>;

/** What is wrong with the answer; undefined when nothing is. */
export function complaintOf(
  number: number,
  asked: Asked,
  { rejected, problems }: Answer,
): Complaint | undefined {
  const found = [...problems];
  if (asked.good && rejected !== undefined) found.push('is good, and was rejected');
  if (!asked.good)
    found.push(...(rejected === undefined ? ['was accepted'] : messageProblems(rejected, asked)));
  return found.length === 0
    ? undefined
    : {
        number,
        why: asked.why,
        problems: found,
        text: asked.text.slice(0, 600),
        message: rejected?.slice(0, 600) ?? '',
      };
}
