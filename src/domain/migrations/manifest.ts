import * as z from 'zod/mini';
import { nonEmpty } from '../text/schemas';
import { type Manifest, tools } from './types';

/** A manifest as it is read back from S3, where anybody may have put it. */
export const manifestSchema: z.ZodMiniType<Manifest> = z.object({
  version: z.literal(1),
  tool: z.enum(tools),
  migrations: z.array(
    z.object({
      id: nonEmpty,
      file: nonEmpty,
      up: z.nullable(z.string()),
      down: z.nullable(z.string()),
      opaque: z.optional(z.string()),
      opaqueLine: z.optional(z.int().check(z.minimum(1))),
      checksum: z.string(),
      transactional: z.boolean(),
      firstLine: z.int().check(z.minimum(1)),
      parents: z.optional(z.array(z.string())),
      repeatable: z.optional(z.boolean()),
      phase: z.optional(z.literal('contract')),
    }),
  ),
});
