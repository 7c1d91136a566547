import { about, judgementOf } from '../check';
import { NEARLY_USED_UP } from '../sequences';
import { upkeep } from './upkeep';

export interface FreeSequencesSeen {
  /** schema.sequence, with the share that is used of the numbers that it and the columns that it fills have. */
  sequences: { name: string; usedPercent: number }[];
  /** Those that the role may not read. */
  unseen: string[];
}

/** Sequences that belong to no column, which a program or a default asks for numbers. Those of columns are a check of every deployment. */
export const freeSequences = upkeep<FreeSequencesSeen>({
  about: 'sequences that belong to no column, with numbers left',
  judge: ({ sequences, unseen }) =>
    judgementOf(
      {
        warnings: [
          ...about(
            sequences
              .filter(({ usedPercent }) => usedPercent >= NEARLY_USED_UP)
              .map(({ name, usedPercent }) => `${name} (${usedPercent} %)`),
            (list) =>
              `nearly used up: ${list}; change the sequence, and the columns that it fills, to bigint`,
          ),
          ...about(unseen, (list) => `unseen: ${list}; GRANT SELECT on it`),
        ],
      },
      `${sequences.length} sequences of no column have numbers left`,
    ),
});
