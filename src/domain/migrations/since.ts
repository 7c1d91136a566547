import { piecesOf } from './pieces';
import type { Migration } from './types';

/** A migration as a release meets it and as the release brings it; either part may be absent. */
export interface Divided {
  stood?: Migration;
  fresh?: Migration;
}

const BEGINS = /^(begin|start\s+transaction)\b/i;
const ENDS = /^(commit|end|rollback|abort)\b/i;

const blank = (text: string) => text.replace(/[^\n]/gu, (sign) => ' '.repeat(sign.length));

/**
 * Divides a migration by what stood of it before: the statements with which both begin. Files grow where a history is one
 * file; what stood is met by the statements behind it and not made by their release.
 */
export function divide(now: Migration, before: Migration | undefined): Divided {
  if (!before) return { fresh: now };
  if (now.up === null || before.up === null || now.repeatable)
    return now.up === before.up && now.checksum === before.checksum ? { stood: now } : { fresh: now };
  const { statements } = piecesOf(now.up);
  const old = piecesOf(before.up).statements;
  const differs = statements.findIndex(({ text }, index) => text !== old[index]?.text);
  if (differs < 0) return { stood: now };
  if (differs === 0) return { fresh: now };
  const last = statements[differs - 1]!;
  const cut = last.from + last.text.length + 1;
  const switched = statements.slice(0, differs).findLast(({ text }) => BEGINS.test(text) || ENDS.test(text));
  return {
    stood: { ...now, up: now.up.slice(0, cut) },
    fresh: {
      ...now,
      up: blank(now.up.slice(0, cut)) + now.up.slice(cut),
      transactional: switched ? BEGINS.test(switched.text) : now.transactional,
    },
  };
}
