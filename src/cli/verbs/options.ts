import { Option } from '@commander-js/extra-typings';

export const repeatable = <const Flags extends string>(flags: Flags, explained: string) =>
  new Option(flags, explained).argParser((one, before: string[] | undefined) => [...(before ?? []), one]);

/** What is no number is left to whoever reads it, who says what was received. */
export const wholeNumber = <const Flags extends string>(flags: Flags, explained: string) =>
  new Option(flags, explained).argParser((text): number | string =>
    /^-?\d+$/.test(text) ? Number(text) : text,
  );
