import '../text/zod-english';
import * as z from 'zod/mini';
import { identifier } from '../text/schemas';

/**
 * CloudWatch alarms by name, of the workflow's own account and region; as many as one call describes.
 * Source: Amazon CloudWatch API Reference, DescribeAlarms.
 */
export const alarmNamesSchema = z
  .array(
    z.pipe(
      identifier(255),
      z
        .string()
        .check(z.refine((name) => !name.startsWith('arn:'), 'expected the name of an alarm, not its ARN')),
    ),
  )
  .check(z.maxLength(100));

/** What convicts a green beside its requests, its tasks and the database: what the service watches itself. */
export const ownEvidenceSchema = z.strictObject({
  /** Those that are in ALARM at any time since users reached green convict. */
  alarms: z._default(alarmNamesSchema, []),
});
