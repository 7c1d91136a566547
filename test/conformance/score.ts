import type { Interpreter } from './interpreter';
import { differences, sameStates } from './matching';
import { type Ending, type Recording, recordedEnding, testOf } from './recording';

/** One recording run again. `REFUSED` stands for a definition that no state machine could be created of, `CRASHED` and `HUNG` stand for an interpreter that threw or did not come to an end. */
export interface Replay {
  recording: Recording;
  ending: Ending;
  differences: string[];
  statesMatch: boolean;
}

export interface Tally {
  passed: number;
  total: number;
}

export interface Score {
  tests: Tally;
  folders: Record<string, Tally>;
  executions: Tally;
  stateSequences: Tally;
  /** SUCCEEDED where the recording did not, or with another output: the failures nobody would notice. */
  succeededButWrong: number;
  crashes: number;
  hangs: number;
  replays: Replay[];
}

/** Runs every recording, one after the other, and compares. */
export async function score(recordings: readonly Recording[], run: Interpreter): Promise<Score> {
  const replays: Replay[] = [];
  for (const recording of recordings) replays.push(await replay(recording, run));
  return summary(replays);
}

async function replay(recording: Recording, run: Interpreter): Promise<Replay> {
  const ending = await run(recording);
  const expected = recordedEnding(recording);
  return {
    recording,
    ending,
    differences: differences(recording, expected, ending),
    statesMatch: sameStates(recording, expected.states, ending.states),
  };
}

const passes = ({ differences: found }: Replay) => found.length === 0;

const tally = <Item>(items: readonly Item[], isPassed: (item: Item) => boolean): Tally => ({
  passed: items.filter(isPassed).length,
  total: items.length,
});

function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): [key: string, items: Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups];
}

function summary(replays: Replay[]): Score {
  const tests = grouped(replays, ({ recording }) => testOf(recording)).map(([, some]) => some);
  const byFolder = grouped(tests, ([first]) => first!.recording.folder);
  const testPasses = (test: Replay[]) => test.every(passes);
  return {
    tests: tally(tests, testPasses),
    folders: Object.fromEntries(byFolder.map(([folder, some]) => [folder, tally(some, testPasses)])),
    executions: tally(replays, passes),
    stateSequences: tally(
      replays.filter(({ recording }) => recording.expectedHistory),
      ({ statesMatch }) => statesMatch,
    ),
    succeededButWrong: replays.filter((one) => one.ending.status === 'SUCCEEDED' && !passes(one)).length,
    crashes: replays.filter(({ ending }) => ending.status === 'CRASHED').length,
    hangs: replays.filter(({ ending }) => ending.status === 'HUNG').length,
    replays,
  };
}
