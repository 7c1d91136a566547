import { about, check, judgementOf } from './check';

/**
 * What the application's role may do, by object ("public.orders", "schema public"), in PostgreSQL's letters.
 * Source: PostgreSQL documentation, chapter "Privileges", table "ACL Privilege Abbreviations".
 */
export type Permissions = Record<string, string>;

const WORDS: Record<string, string> = { r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE', U: 'USAGE' };

export const permissions = check<Permissions>({
  from: 'standard',
  about: "the application's role may still do what it could",
  afterRevert: true,
  compare(before, after) {
    // what is gone altogether is the schema's business
    const lost = Object.entries(after).flatMap(([object, letters]) => {
      const taken = [...(before[object] ?? '')].filter((letter) => !letters.includes(letter));
      return taken.length > 0
        ? [`${taken.map((letter) => WORDS[letter] ?? letter).join(', ')} on ${object}`]
        : [];
    });
    return judgementOf(
      { failed: about(lost, (list) => `the application's role has lost ${list}; GRANT it again`) },
      `nothing lost on ${Object.keys(after).length} objects`,
    );
  },
});
