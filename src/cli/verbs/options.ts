import { Option } from '@commander-js/extra-typings';
import { WORKFLOW, workflowNamed } from '../workflow-named';

export const repeatable = <const Flags extends string>(flags: Flags, explained: string) =>
  new Option(flags, explained).argParser((one, before: string[] | undefined) => [...(before ?? []), one]);

/** What is no number is left to whoever reads it, who says what was received. */
export const wholeNumber = <const Flags extends string>(flags: Flags, explained: string) =>
  new Option(flags, explained).argParser((text): number | string =>
    /^-?\d+$/.test(text) ? Number(text) : text,
  );

/** For verbs that may do without an account. */
export const perhapsWorkflow = () =>
  new Option('--workflow <STACK>', WORKFLOW).env('GREENLIGHT_WORKFLOW').argParser(workflowNamed);
