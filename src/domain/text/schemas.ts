import './zod-english';
import * as z from 'zod/mini';
import { withoutPrivate } from '../privacy/redaction';
import { unprintable } from './printable';

/** Any text but none. */
export const nonEmpty = z.string().check(z.minLength(1));
/** One text or more. */
export const nonEmptyList = z.array(z.string()).check(z.minLength(1));
/** By which requests, journal and locks name a service. */
export const serviceName = z
  .string()
  .check(z.regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/, 'expected letters, digits and hyphens, at most 63'));
/** What AWS calls something, in full. */
export const arn = z.string().check(z.startsWith('arn:'));

/**
 * The ARN of this kind of thing.
 * @param kind service and resource type, such as `elasticloadbalancing:listener-rule`
 * @param expected in words
 */
export function arnOf(kind: string, expected: string) {
  const [service, resource] = kind.split(':');
  return z
    .string()
    .check(z.regex(new RegExp(`^arn:[^:]+:${service}:[^:]*:[^:]*:${resource}[/:]`), `expected ${expected}`));
}

/** No character drives a terminal, begins a line in a log, or hides another one. */
const readable = z.string().check(
  z.refine((text) => unprintable(text) === undefined, {
    error: ({ input }) => `expected text without control characters, which ${unprintable(String(input))} is`,
  }),
);

/** What a person says, in at most so many characters; line breaks and tabs become spaces. Whatever is printable is taken. */
export const words = (longest: number, expected: string) =>
  z.pipe(
    z.string().check(
      z.overwrite((text) => text.replace(/\s+/g, ' ').trim()),
      z.minLength(1, `expected ${expected}`),
      z.maxLength(longest),
    ),
    readable,
  );

/** Why somebody does something, as a person says it: what is recognised as a secret or as somebody's data becomes stars. */
export const why = (expected: string) =>
  z.pipe(words(500, expected), z.string().check(z.overwrite(withoutPrivate)));

/** A name that a program gave, in at most so many characters. */
export const identifier = (longest: number) => z.pipe(nonEmpty.check(z.maxLength(longest)), readable);
