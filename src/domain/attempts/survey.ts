import * as z from 'zod/mini';
import { problemsOf } from '../text/schema-problems';
import type { TableSizes } from './rows/shape';

const count = z.number().check(z.nonnegative());

const column = z.strictObject({
  /** Share of the rows without a value. */
  nullFraction: z.number().check(z.minimum(0), z.maximum(1)),
  /** Average bytes of a value. */
  width: count,
  /** As pg_stats.n_distinct: so many values, or, negative, a share of the rows. */
  distinct: z.number().check(z.minimum(-1)),
});

const table = z.strictObject({
  /** Estimated, as of the last ANALYZE. */
  rows: count,
  bytes: count,
  columns: z.record(z.string(), column),
});

/** How full a production database is: names and numbers, and no value of a row. */
export const surveySchema = z.strictObject({
  version: z.literal(1),
  /** When it was taken, ISO 8601. */
  takenAt: z.iso.datetime(),
  /** Major version of PostgreSQL. */
  major: z.int().check(z.positive()),
  /** By schema.table. */
  tables: z.record(z.string(), table),
  /** Tables that were never analysed: of them nothing is known. */
  unknown: z.array(z.string()),
});
export type SurveyFile = z.infer<typeof surveySchema>;

/** What a file says. Throws for one that `greenlight survey` has not written, naming what is wrong with it. */
export function parseSurvey(value: unknown, file: string): SurveyFile {
  const parsed = surveySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = problemsOf(parsed.error, value, file);
  throw new Error(`${first}; greenlight survey --database URL writes such a file`);
}

/** What rows are made by. */
export const sizesIn = ({ tables }: SurveyFile): Map<string, TableSizes> => new Map(Object.entries(tables));
