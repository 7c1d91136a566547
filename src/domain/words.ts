import * as z from 'zod';
import { unprintable } from './shown';

/** No character drives a terminal, begins a line in a log, or hides another one. */
const readable = z.string().refine((text) => unprintable(text) === undefined, {
  error: ({ input }) => `expected text without control characters, which ${unprintable(String(input))} is`,
});

/** What a person says, in at most so many characters; line breaks and tabs become spaces. Whatever is printable is taken. */
export const words = (longest: number, expected: string) =>
  z
    .string()
    .overwrite((text) => text.replace(/\s+/g, ' ').trim())
    .min(1, `expected ${expected}`)
    .max(longest)
    .pipe(readable);

/** A name that a program gave, in at most so many characters. */
export const nameOf = (longest: number) => z.string().min(1).max(longest).pipe(readable);
