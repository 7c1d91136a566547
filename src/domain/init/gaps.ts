import { type Code, code } from './source';

/** A value that nobody could read: what it stands for, and where it stands in the app. */
export interface Gap {
  where: string;
  says: string;
}

export interface Gaps {
  all: Gap[];
  /** A placeholder for a text. */
  text(where: string, says: string): Code;
  /** One for anything else, which TypeScript takes for whatever is wanted: `cdk synth` refuses it by its name. */
  other(where: string, says: string): Code;
}

const placeholder = (says: string) => JSON.stringify(`<${says}>`);

export function gaps(): Gaps {
  const all: Gap[] = [];
  return {
    all,
    text(where, says) {
      all.push({ where, says });
      return code(placeholder(says));
    },
    other(where, says) {
      all.push({ where, says });
      return code(`${placeholder(says)} as never`);
    },
  };
}
