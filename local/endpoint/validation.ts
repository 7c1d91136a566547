import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';
import { type Check, pathText } from './constraints';
import type { Description } from './descriptions';
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

function check(schema: NormalizedSchema, value: unknown, path: string[], missing: string[][]): void {
  if (!hasRightType(schema, value)) {
    throw malformed(`${path.join('.') || 'the input'} has a value of the wrong type`);
  }
  if (schema.isStructSchema()) {
    const fields = value as Record<string, unknown>;
    for (const name of requiredMembers(schema)) {
      if (fields[name] === undefined || fields[name] === null) missing.push([...path, name]);
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

/** How services call input that breaks their model, where it is not a ValidationException. */
const REFUSALS: Record<string, string> = {
  ecr: 'InvalidParameterException',
  ecs: 'InvalidParameterException',
  logs: 'InvalidParameterException',
  sns: 'InvalidParameterException',
};

function refusal({ signingName }: Description, message: string): Error {
  const name = REFUSALS[signingName];
  return name ? Object.assign(new Error(message), { name, $fault: 'client' }) : invalid(message);
}

/**
 * Checks the types of all members, then that required ones are there and, with `constraints`, those of the API model.
 * @throws SerializationException for types; for the rest what the service calls it, with every problem
 */
export function validate(
  description: Description,
  operation: string,
  input: object,
  constraints?: Check,
): void {
  const schema = NormalizedSchema.of(description.operations.get(operation)![4] as SchemaRef);
  const problems: string[] = [];
  if (!schema.isUnitSchema()) {
    const missing: string[][] = [];
    check(schema, input, [], missing);
    for (const path of missing)
      problems.push(
        `Value null at '${pathText(path)}' failed to satisfy constraint: Member must not be null`,
      );
  }
  constraints?.(input, (problem) => problems.push(problem));
  if (problems.length === 0) return;
  const plural = problems.length === 1 ? '' : 's';
  throw refusal(description, `${problems.length} validation error${plural} detected: ${problems.join('; ')}`);
}
