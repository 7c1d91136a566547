import { check, judgementOf } from './check';

export interface SchemaSeen {
  /** SHA-256 over everything of the schema that a program can notice. */
  fingerprint: string;
  /** As in the history: a schema may change only with it. */
  applied: string[];
}

export const schema = check<SchemaSeen>({
  from: 'standard',
  about: 'a schema that changes only by recorded migrations',
  compare(before, after) {
    const changed = before.fingerprint !== after.fingerprint;
    const recorded = after.applied.some((id) => !before.applied.includes(id));
    return judgementOf(
      {
        failed:
          changed && !recorded ? ['the schema changed although the history table records no migration'] : [],
      },
      changed ? 'changed by the migrations' : 'the same as before',
    );
  },
});
