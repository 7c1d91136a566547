import type { Judgement } from '../check';
import { bloat } from './bloat';
import { duplicateIndexes } from './duplicate-indexes';
import { freeSequences } from './free-sequences';
import { keylessTables } from './keyless-tables';
import { queries } from './queries';
import { serverSettings } from './server-settings';
import { size } from './size';
import { unindexedKeys } from './unindexed-keys';
import { unusedIndexes } from './unused-indexes';
import type { Upkeep } from './upkeep';
import { wraparound } from './wraparound';

/** What a comprehensive validation on demand looks at beside the checks of a deployment, in a report's order. */
export const upkeeps = {
  size,
  unusedIndexes,
  duplicateIndexes,
  bloat,
  freeSequences,
  unindexedKeys,
  keylessTables,
  wraparound,
  serverSettings,
  queries,
} as const;
export type UpkeepName = keyof typeof upkeeps;
export type UpkeepSeen = {
  [Name in UpkeepName]: ((typeof upkeeps)[Name] extends Upkeep<infer T> ? T : never) | { unseen: string };
};

const isUnseen = (seen: object): seen is { unseen: string } =>
  'unseen' in seen && typeof seen.unseen === 'string';

export interface UpkeepJudged {
  findings: (Judgement & { check: string })[];
  figures: Record<string, number>;
}

export function judgeUpkeep(seen: UpkeepSeen): UpkeepJudged {
  const all = (Object.keys(upkeeps) as UpkeepName[]).map((check) => {
    const { judge, figures } = upkeeps[check] as Upkeep<object>;
    const found: object = seen[check];
    return isUnseen(found)
      ? { check, figures: {}, status: 'warning' as const, detail: `unseen: ${found.unseen}` }
      : { check, figures: figures?.(found) ?? {}, ...judge(found) };
  });
  return {
    findings: all.map(({ check, status, detail }) => ({ check, status, detail })),
    figures: Object.assign({}, ...all.map(({ figures }) => figures)),
  };
}
