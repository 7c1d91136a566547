type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined } | undefined;
type Pattern = { [key: string]: Json };
type Matcher = (value: Json) => boolean;

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
  '>=': (a, b) => a >= b,
  '>': (a, b) => a > b,
};

function numeric(terms: Json): Matcher {
  const list = listOf(terms);
  if (list.length === 0 || list.length % 2 !== 0)
    throw new Error('numeric takes comparisons such as [">=", 0, "<", 5]');
  const comparisons: ((value: number) => boolean)[] = [];
  for (let index = 0; index < list.length; index += 2) {
    const compare = COMPARE[String(list[index])];
    const bound = list[index + 1];
    if (!compare || typeof bound !== 'number')
      throw new Error(`numeric does not know ${JSON.stringify(list)}`);
    comparisons.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && comparisons.every((holds) => holds(value));
}

/** `*` stands for any characters. */
function wildcard(text: string): RegExp {
  const source = text.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 's');
}

const ignoringCase = (operand: Json): string | undefined =>
  isObject(operand) && typeof operand['equals-ignore-case'] === 'string'
    ? operand['equals-ignore-case'].toLowerCase()
    : undefined;

const text =
  (holds: (value: string) => boolean): Matcher =>
  (value) =>
    typeof value === 'string' && holds(value);

function prefix(operand: Json): Matcher {
  const folded = ignoringCase(operand);
  if (folded !== undefined) return text((value) => value.toLowerCase().startsWith(folded));
  return text((value) => value.startsWith(String(operand)));
}

function suffix(operand: Json): Matcher {
  const folded = ignoringCase(operand);
  if (folded !== undefined) return text((value) => value.toLowerCase().endsWith(folded));
  return text((value) => value.endsWith(String(operand)));
}

function anythingBut(operand: Json): Matcher {
  if (!isObject(operand)) {
    const excluded = listOf(operand);
    return (value) => value !== undefined && !excluded.includes(value);
  }
  const excluded = Object.entries(operand).flatMap(([name, values]) =>
    listOf(values).map((value) => operator({ [name]: value })),
  );
  return (value) => value !== undefined && !excluded.some((matches) => matches(value));
}

const OPERATORS: Record<string, (operand: Json) => Matcher> = {
  prefix,
  suffix,
  numeric,
  'anything-but': anythingBut,
  exists: (wanted) => (value) => (value !== undefined) === wanted,
  'equals-ignore-case': (operand) => text((value) => value.toLowerCase() === String(operand).toLowerCase()),
  wildcard: (operand) => {
    const pattern = wildcard(String(operand));
    return text((value) => pattern.test(value));
  },
};

function operator(content: { [key: string]: Json }): Matcher {
  const [name, ...more] = Object.keys(content);
  const make = name === undefined ? undefined : OPERATORS[name];
  if (!make || more.length > 0)
    throw new Error(
      `unrecognized match type ${Object.keys(content).join(', ')}; use ${Object.keys(OPERATORS).join(', ')}`,
    );
  return make(content[name!]);
}

const matcher = (value: Json): Matcher => (isObject(value) ? operator(value) : (given) => given === value);

/** A field's values: any may match any; a list in the event matches by any of its members. */
function field(values: Json): Matcher {
  if (isObject(values)) return compile(values);
  if (!Array.isArray(values))
    throw new Error(`a pattern lists its values in arrays; ${JSON.stringify(values)} is none`);
  if (values.length === 0) throw new Error('an array of a pattern cannot be empty');
  const matchers = values.map(matcher);
  return (given) => {
    const members = Array.isArray(given) && given.length > 0 ? given : [given];
    return members.some((member) => matchers.some((matches) => matches(member)));
  };
}

/**
 * Compiles an event pattern: exact values, prefix, suffix, anything-but, numeric, exists, equals-ignore-case,
 * wildcard, nesting and `$or`. Throws an Error for anything else (cidr).
 */
export function compile(pattern: Pattern): Matcher {
  if (!isObject(pattern) || Object.keys(pattern).length === 0)
    throw new Error('a pattern is an object with fields');
  const fields = Object.entries(pattern).map(([name, content]): Matcher => {
    if (name === '$or') {
      const branches = listOf(content).map((branch) => compile(branch as Pattern));
      return (given) => branches.some((matches) => matches(given));
    }
    const matches = field(content);
    return (given) => matches(isObject(given) ? given[name] : undefined);
  });
  const one: Matcher = (given) => fields.every((matches) => matches(given));
  return (given) => (Array.isArray(given) ? given.some(one) : one(given));
}
