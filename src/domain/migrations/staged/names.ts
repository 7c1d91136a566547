import type { Target } from './stage';

/** A part of a file's name. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '') || 'x';

export const alter = (target: Target, ...parts: string[]): string =>
  `ALTER TABLE ${target.sql}\n  ${parts.join(',\n  ')};`;
