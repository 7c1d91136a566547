import { withoutPasswords } from '../migrations/passwords';
import { printable } from './printable';

/** What programs call a secret, and what follows it: `token=…`, `"api_key": "…"`, `Authorization: Bearer …`. */
const NAMED =
  /(["']?[\w-]*(?:passw(?:or)?d|pwd|secret|token|credential|api[-_]?key|private[-_]?key|authorization)[\w-]*["']?\s*[:=]\s*)(?:bearer\s+|basic\s+)?("[^"]*"|'[^']*'|[^\s,;&}\])]+)/gi;

const LONGEST_LINE = 300;

/**
 * The newest lines of a program's output as a message may quote them: each cut, in one line, and with stars for what is
 * called a secret. Empty when there is none.
 */
export function lastWords(lines: readonly string[]): string {
  const said = lines.map((line) => printable(hidden(line.trim())).slice(0, LONGEST_LINE)).filter(Boolean);
  return said.length === 0 ? '' : `its last words: ${said.join(' | ')}`;
}

const hidden = (line: string) => withoutPasswords(line).replace(NAMED, '$1***');
