import { NormalizedSchema } from '@smithy/core/schema';
import { NumericValue } from '@smithy/core/serde';
import type { SchemaRef } from '@smithy/types';
import { below, oneOf } from './random';

type Random = () => number;

/** Texts that break careless encoders: markup, separators of query strings, other scripts, line ends. */
const TEXTS = ['alpha', 'b-2', `x<y>&"z'`, 'é😀', 'a b', '100%+=/', 'line\nbreak', '日本', ' edge '];
const DEEPEST = 5;

function structure(schema: NormalizedSchema, random: Random, depth: number): Record<string, unknown> {
  const members = [...schema.structIterator()];
  if (schema.isUnionSchema()) {
    const [name, member] = oneOf(random, members);
    return { [name]: generate(member, random, depth + 1) };
  }
  const required = Number((schema.getSchema() as unknown as unknown[])[6] ?? 0);
  const result: Record<string, unknown> = {};
  for (const [i, [name, member]] of members.entries()) {
    const wanted = i < required || (depth <= DEEPEST && random() < 0.8);
    if (wanted) result[name] = generate(member, random, depth + 1);
  }
  // The query protocol cannot tell an empty structure from an absent one.
  const [first] = members;
  if (first && Object.keys(result).length === 0) result[first[0]] = generate(first[1], random, depth + 1);
  return result;
}

function scalar(schema: NormalizedSchema, random: Random): unknown {
  if (schema.isBlobSchema()) return new Uint8Array([0, 255, 1, below(random, 256)]);
  if (schema.isTimestampSchema())
    return new Date(1_700_000_000_000 + below(random, 1e9) * oneOf(random, [1, 1000]));
  if (schema.isBooleanSchema()) return random() < 0.5;
  if (schema.isNumericSchema()) return below(random, 1000);
  if (schema.isBigIntegerSchema()) return BigInt(below(random, 1e9));
  if (schema.isBigDecimalSchema()) return new NumericValue('1.25', 'bigDecimal');
  if (schema.isDocumentSchema()) return { a: [1, 'two'] };
  return `${oneOf(random, TEXTS)}${below(random, 100)}`;
}

/** A random value of a schema; undefined for operations without input or output. */
export function generate(ref: SchemaRef | NormalizedSchema, random: Random, depth = 0): unknown {
  const schema = NormalizedSchema.of(ref as SchemaRef);
  if (schema.isUnitSchema()) return undefined;
  if (schema.isStructSchema()) return structure(schema, random, depth);
  if (schema.isListSchema()) {
    const length = depth > DEEPEST ? 0 : below(random, 4);
    return Array.from({ length }, () => generate(schema.getValueSchema(), random, depth + 1));
  }
  if (schema.isMapSchema()) {
    const length = 1 + (depth > DEEPEST ? 0 : below(random, 3));
    const entries = Array.from({ length }, (_, i) => [
      `${oneOf(random, TEXTS)}${i}`,
      generate(schema.getValueSchema(), random, depth + 1),
    ]);
    return Object.fromEntries(entries);
  }
  return scalar(schema, random);
}
