import * as z from 'zod';
import { type Manifest, tools } from './types';

/** A manifest as it is read back from S3, where anybody may have put it. */
export const manifestSchema: z.ZodType<Manifest> = z.object({
  version: z.literal(1),
  tool: z.enum(tools),
  migrations: z.array(
    z.object({
      id: z.string().min(1),
      file: z.string().min(1),
      up: z.string().nullable(),
      down: z.string().nullable(),
      opaque: z.string().optional(),
      checksum: z.string(),
      transactional: z.boolean(),
      firstLine: z.number().int().min(1),
      parents: z.array(z.string()).optional(),
      repeatable: z.boolean().optional(),
      phase: z.literal('contract').optional(),
    }),
  ),
});
