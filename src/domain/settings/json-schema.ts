import * as z from 'zod/mini';
import { configurationSchema } from './environments';
import { settingsSchema } from './settings';

/** What JSON Schema can say of what is written. A check that it has no word for is left to the deployment. */
export const jsonSchemaOf = (schema: z.core.$ZodType) =>
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
    },
  });

/** For editors: of `greenlight.json`, and beside it of a service's settings. */
export function fileSchema(): object {
  const { $schema: _, ...settings } = jsonSchemaOf(settingsSchema);
  return { title: 'greenlight.json', ...jsonSchemaOf(configurationSchema), $defs: { settings } };
}
