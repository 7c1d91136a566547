import '../text/zod-english';
import * as z from 'zod/mini';
import { words } from '../text/schemas';
import { DAY_SECONDS } from '../time/limits';
import { isTimeZone, weekdays } from '../windows/wall-clock';

const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';
const begin = z.string().check(z.regex(new RegExp(`^${TIME}$`), 'expected a time from 00:00 to 23:59'));
const end = z
  .string()
  .check(z.regex(new RegExp(`^(?:${TIME}|24:00)$`), 'expected a time from 00:00 to 24:00'));
const date = z.iso.date('expected a day, such as 2026-12-24');

const weeklySchema = z
  .strictObject({
    days: z
      .array(z.enum(weekdays))
      .check(z.minLength(1), z.maxLength(7), z.describe('The days on which it opens.')),
    from: begin.check(z.describe('When it opens, by the clock on the wall.')),
    to: end.check(z.describe('When it closes; before `from`: on the next day.')),
  })
  .check(
    z.refine(({ from, to }) => from !== to, {
      path: ['to'],
      error: 'expected another time than from; a whole day is from 00:00 to 24:00',
    }),
  );

const freezeSchema = z
  .strictObject({
    from: date.check(z.describe('Its first day.')),
    to: date.check(z.describe('Its last day.')),
    reason: words(200, 'why nothing is deployed').check(z.describe('What people are told.')),
  })
  .check(z.refine(({ from, to }) => from <= to, { path: ['to'], error: 'expected from, or a day after it' }));

/** When a deployment may begin. */
export const windowsSchema = z.strictObject({
  timeZone: z._default(
    z
      .string()
      .check(
        z.refine(isTimeZone, 'expected a name of the IANA Time Zone Database, such as Europe/Berlin'),
        z.describe('Whose clocks the times and days below go by, daylight saving with them.'),
      ),
    'UTC',
  ),
  weekly: z._default(
    z
      .array(weeklySchema)
      .check(z.maxLength(50), z.describe('When a deployment may begin; without one, at any time.')),
    [],
  ),
  freezes: z._default(
    z
      .array(freezeSchema)
      .check(z.maxLength(100), z.describe('Days on which none begins, whatever the week says.')),
    [],
  ),
  codeOnly: z._default(
    z
      .enum(['windows', 'unless-frozen', 'always'])
      .check(
        z.describe(
          'When a release may begin that runs no migrations and no seeds and closes nothing: as all others, at any time but in a freeze, or always.',
        ),
      ),
    'windows',
  ),
  onClosed: z._default(
    z
      .enum(['reject', 'wait'])
      .check(z.describe('What a deployment does that may not begin: it ends, or waits, four weeks at most.')),
    'reject',
  ),
  announceSeconds: z._default(
    z
      .int()
      .check(
        z.nonnegative(),
        z.maximum(7 * DAY_SECONDS),
        z.describe('How long before its maintenance window people are told of it; 0: not before.'),
      ),
    0,
  ),
});
