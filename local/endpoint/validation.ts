import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';
import { invalid, malformed } from './errors';

/** Structures list their required members first and say how many there are. */
export function requiredMembers(schema: NormalizedSchema): readonly string[] {
  const [, , , , names, , count] = schema.getSchema() as unknown as [0, 0, 0, 0, string[], unknown, number?];
  return names.slice(0, count ?? 0);
}

function hasRightType(schema: NormalizedSchema, value: unknown): boolean {
  if (schema.isDocumentSchema()) return true;
  if (schema.isListSchema()) return Array.isArray(value);
  if (schema.isBlobSchema()) return value instanceof Uint8Array;
  if (schema.isTimestampSchema()) return value instanceof Date && !Number.isNaN(value.getTime());
  if (schema.isStringSchema()) return typeof value === 'string' || value instanceof String;
  if (schema.isBooleanSchema()) return typeof value === 'boolean';
  if (schema.isNumericSchema()) {
    return (typeof value === 'number' && !Number.isNaN(value)) || typeof value === 'bigint';
  }
  return schema.isBigIntegerSchema()
    ? typeof value === 'bigint'
    : typeof value === 'object' && value !== null;
}

function check(schema: NormalizedSchema, value: unknown, path: string[], missing: string[]): void {
  if (!hasRightType(schema, value)) {
    throw malformed(`${path.join('.') || 'the input'} has a value of the wrong type`);
  }
  if (schema.isStructSchema()) {
    const fields = value as Record<string, unknown>;
    for (const name of requiredMembers(schema)) {
      if (fields[name] === undefined || fields[name] === null) missing.push([...path, name].join('.'));
    }
    for (const [name, member] of schema.structIterator()) {
      const field = fields[name];
      if (field !== undefined && field !== null) check(member, field, [...path, name], missing);
    }
  } else if (schema.isListSchema()) {
    for (const [i, item] of (value as unknown[]).entries()) {
      if (item !== null) check(schema.getValueSchema(), item, [...path, String(i + 1), 'member'], missing);
    }
  } else if (schema.isMapSchema()) {
    for (const [key, item] of Object.entries(value as object)) {
      if (item !== null) check(schema.getValueSchema(), item, [...path, key], missing);
    }
  }
}

/**
 * Checks required members and types at every depth. Enums, patterns and ranges are not in the SDK's schemas:
 * the services check what matters to them.
 * @throws CommonError ValidationError / ValidationException for missing members, SerializationException for types
 */
export function validate(schema: SchemaRef, input: unknown): void {
  const normalized = NormalizedSchema.of(schema);
  if (normalized.isUnitSchema()) return;
  const missing: string[] = [];
  check(normalized, input, [], missing);
  if (missing.length === 0) return;
  const problems = missing.map(
    (path) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
  const plural = missing.length === 1 ? '' : 's';
  throw invalid(`${missing.length} validation error${plural} detected: ${problems.join('; ')}`);
}
