import * as z from 'zod/mini';
import { shown } from '../text/printable';
import { problemsOf } from '../text/schema-problems';
import { type Settings, type SettingsInput, settingsSchema } from './settings';

/**
 * Of the settings as the construct stores them. Raised when settings that are stored already could no longer be read as they
 * are; settings without one are from before there were versions, and as those of version 1 are.
 */
const SETTINGS_VERSION = 1;

/** As a parameter holds them. */
export const toStore = (settings: SettingsInput) => ({ version: SETTINGS_VERSION, ...settings });

const versioned = z.looseObject({ version: z._default(z.unknown(), SETTINGS_VERSION) });

/**
 * The settings of a parameter, or every problem of them, one line each.
 * @param root what the problems' paths begin with
 */
export function readSettings(text: string, root: string): { settings: Settings } | { problems: string[] } {
  const stored: unknown = JSON.parse(text);
  const { version, ...rest } = versioned.parse(stored);
  if (version !== SETTINGS_VERSION)
    return {
      problems: [
        `${root}.version: expected ${SETTINGS_VERSION}, received ${shown(version)}; another Greenlight wrote them: deploy the stack of the workflow again, so that its functions and its settings are of one version`,
      ],
    };
  const parsed = settingsSchema.safeParse(rest);
  return parsed.success ? { settings: parsed.data } : { problems: problemsOf(parsed.error, stored, root) };
}

/**
 * Every problem of settings that are not all known yet, one line each.
 * @param root what the problems' paths begin with
 * @param isUnknown is the value at this path one that nobody knows yet?
 * @param named how whoever wrote the settings calls a place in them
 */
export function problemsInSettings(
  settings: unknown,
  root: string,
  {
    isUnknown,
    named,
  }: {
    isUnknown: (path: readonly PropertyKey[]) => boolean;
    named: (path: readonly PropertyKey[]) => readonly PropertyKey[];
  },
): string[] {
  const { error } = settingsSchema.safeParse(settings);
  const issues = error?.issues.filter(({ path }) => !isUnknown(path)) ?? [];
  return problemsOf({ issues }, settings, root, named);
}
