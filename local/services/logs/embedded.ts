import * as z from 'zod';
import type { Metrics } from '../../service';

const directive = z.object({
  Namespace: z.string().min(1).max(1024),
  Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)),
  Metrics: z
    .array(
      z.object({
        Name: z.string().min(1).max(1024),
        Unit: z.string().optional(),
        StorageResolution: z.union([z.literal(1), z.literal(60)]).optional(),
      }),
    )
    .max(100),
});
const embeddedSchema = z.looseObject({
  _aws: z.object({ Timestamp: z.int(), CloudWatchMetrics: z.array(directive) }),
});
const values = z.union([z.number().transform((value) => [value]), z.array(z.number()).max(100)]);
const text = z.string().min(1).max(1024);

/**
 * The metrics that a log event has in itself; none where it is no such document, or where a target member is missing.
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function embeddedIn(message: string): Parameters<Metrics['record']>[0][] {
  if (!message.startsWith('{') || !message.includes('"_aws"')) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    return [];
  }
  const { data } = embeddedSchema.safeParse(parsed);
  if (!data) return [];
  const { Timestamp: at, CloudWatchMetrics } = data._aws;
  return CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name: name, Unit: unit }) => {
      const found = values.safeParse(data[name]).data;
      if (!found) return [];
      return Dimensions.flatMap((keys) => {
        const dimensions = Object.fromEntries(keys.map((key) => [key, text.safeParse(data[key]).data]));
        if (Object.values(dimensions).includes(undefined)) return [];
        const own = { namespace, name, dimensions: dimensions as Record<string, string>, unit, at };
        return [{ ...own, value: 0, values: found }];
      });
    }),
  );
}
