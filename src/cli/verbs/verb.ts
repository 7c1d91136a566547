import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** A verb as it is declared, or the program, whose verbs are its commands. */
export type Verb = CommandUnknownOpts;

/** Gets a verb's exit code. */
export type End = (code: number) => void;

/** `--workflow STACK`, as people write it. */
export const plainFlags = ({ flags }: Pick<Option, 'flags'>) => flags.replaceAll(/[<>]/g, '');
