import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { type FaultWorld, openFaultWorld } from '../fault-world';
import { story } from './generate';
import { type Played, Playing } from './play';
import type { Story } from './story';
import { tell } from './tell';

export interface Run {
  stories: number;
  /** Of the first story; the others follow from it. */
  seed: number;
  /** Whether the story at this place in the row is played here; the others are left to other processes. */
  mine: (index: number) => boolean;
  /** Where the shrinking of the first story came to, to play that one again. */
  path?: string;
  /** Worlds that play at the same time. */
  worlds: number;
  /** How fast their time runs. */
  speed: number;
  /** A file of the stories that ended true, a line each as it is printed: they are not played again. */
  record?: string;
}

/** A failing story is made smaller by so many plays, or for so long. */
const MOST_SHRINKS = 40;
const SHRINK_MS = 600_000;

/** Neighbouring seeds would tell similar stories, so all but the first are mixed (the finaliser of MurmurHash3). */
function seedOf(seed: number, index: number): number {
  if (index === 0) return seed;
  let mixed = seed + index;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  // a command line takes no negative number
  return (mixed ^ (mixed >>> 16)) >>> 1;
}

/** A story was played, and something did not hold. */
export class Untrue extends Error {
  constructor(readonly played: Played) {
    super(played.problems.join('; '));
  }
}

/** Real time between two tries to open a world on a machine that is too busy for one. */
const AGAIN_MS = 30_000;
const TRIES = 10;

/** A world that cannot be opened says nothing about a story. */
async function opened(speed: number): Promise<FaultWorld> {
  for (let tried = 1; ; tried++) {
    try {
      return await openFaultWorld(speed);
    } catch (error) {
      if (tried === TRIES) throw error;
      console.error(`no world: ${(error as Error).message.slice(0, 200)}`);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** A world for one story after the other; one that a story left in disorder is replaced. */
function lane(speed: number) {
  let faultWorld: FaultWorld | undefined;
  let plays = 0;
  async function close() {
    await faultWorld?.close();
    faultWorld = undefined;
  }
  return {
    close,
    /** @throws Untrue */
    async play(told: Story, label: string): Promise<Played> {
      faultWorld ??= await opened(speed);
      try {
        const played = await new Playing(faultWorld).play(told, `${label}-${++plays}`);
        if (!(await faultWorld.rest())) await close();
        if (played.problems.length > 0) throw new Untrue(played);
        return played;
      } catch (error) {
        if (!(error instanceof Untrue)) await close();
        throw error;
      }
    },
  };
}

/** Plays the story of a seed; when something does not hold, finds the smallest story of which that is true. */
export async function one(
  seed: number,
  path: string | undefined,
  { play }: { play(told: Story, label: string): Promise<Played> },
) {
  let shrinks = -1;
  let ends = '';
  const property = fc.asyncProperty(story, async (told) => {
    if (shrinks >= MOST_SHRINKS) return;
    if (shrinks >= 0) shrinks++;
    try {
      ends = (await play(told, `s${seed}`)).ran.map((line) => line.split(' ')[1]).join(', ');
    } catch (error) {
      shrinks = Math.max(shrinks, 0);
      throw error;
    }
  });
  const found = await fc.check(property, { seed, path, numRuns: 1, interruptAfterTimeLimit: SHRINK_MS });
  return { found, ends };
}

/** What people read of a story that did not end true: itself first, and last how to play it again. */
export function failure(
  seed: number,
  { counterexample, counterexamplePath, errorInstance }: fc.RunDetails<[Story]>,
) {
  const [told] = counterexample ?? [];
  const { problems, ran } =
    errorInstance instanceof Untrue
      ? errorInstance.played
      : { problems: [String((errorInstance as Error)?.stack ?? errorInstance)], ran: [] };
  return [
    `seed ${seed}: not true`,
    ...(told ? [tell(told)] : []),
    ...problems.map((problem) => `PROBLEM ${problem}`),
    ...ran.map((line) => `  ran ${line}`),
    `as data: ${JSON.stringify(told)}`,
    `again: npm run faults -- --random 1 --seed ${seed} --path ${counterexamplePath}`,
  ].join('\n');
}

/** Tells and plays random stories; resolves with how many did not end true. */
export async function playStories(run: Run): Promise<number> {
  const { stories, seed, mine, path, worlds, speed, record } = run;
  const indices = Array.from({ length: stories }, (_, index) => index).filter(mine);
  console.log(`${indices.length} stories from seed ${seed}`);
  const recorded = new Set(
    record && existsSync(record)
      ? readFileSync(record, 'utf8')
          .match(/(?<=^seed )\d+/gm)
          ?.map(Number)
      : [],
  );
  const bad: number[] = [];
  let good = 0;
  const left = indices.values();
  async function play(): Promise<void> {
    const own = lane(speed);
    try {
      for (const index of left) {
        const its = seedOf(seed, index);
        if (recorded.has(its)) {
          good++;
          continue;
        }
        const { found, ends } = await one(its, index === 0 ? path : undefined, own);
        if (found.failed) bad.push(its);
        else {
          good++;
          if (record) appendFileSync(record, `seed ${its}: ${ends}\n`);
        }
        console.log(found.failed ? failure(its, found) : `seed ${its}: ${ends}`);
      }
    } finally {
      await own.close();
    }
  }
  await Promise.all(Array.from({ length: worlds }, play));
  console.log(
    `${good} of ${indices.length} stories ended true${bad.length > 0 ? `; not those of the seeds ${bad.join(', ')}` : ''}`,
  );
  return indices.length - good;
}
