/** A parsed JSONPath below its root: selectors applied one after the other. */
export type Selector =
  | { kind: 'child'; step: string | number }
  | { kind: 'names'; names: string[] }
  | { kind: 'indices'; indices: number[] }
  | { kind: 'slice'; from?: number; to?: number; step: number }
  | { kind: 'wildcard' }
  | { kind: 'descendants' }
  /** `onSelf` after `..`, which comes to every item of an array by itself. */
  | { kind: 'filter'; test: Condition; onSelf: boolean };

export type Condition =
  | { kind: 'or' | 'and'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'exists'; path: Operand }
  | { kind: 'compare'; operator: string; left: Operand; right: Operand };

/** One side of a comparison: a literal, a regular expression, or a path from the item (`@`) or the root (`$`). */
export type Operand =
  | { kind: 'literal'; value: unknown }
  | { kind: 'pattern'; pattern: RegExp }
  | { kind: 'path'; root: '@' | '$'; selectors: Selector[] };

/** A dotted name ends before what could follow it: quotes and backslashes are parts of it, as Jayway's JsonPath reads it. */
const NAME = /[^.[(\s]+/y;
/** Within a filter operators end it as well. */
const FILTER_NAME = /[^.[\]()*?@'"\s,:=<>!&|]+/y;
const QUOTED = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/y;
const INTEGER = /-?\d+/y;
const SLICE = /(-?\d+)?\s*:\s*(-?\d+)?(?:\s*:\s*(-?\d+)?)?/y;
const COMPARISON = /==|!=|<=|>=|=~|<|>|in\b|nin\b/y;
const SCALAR = /true\b|false\b|null\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPED = /\\(?:u([\da-fA-F]{4})|(.))/g;
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
const PATTERN = /\/((?:[^/\\]|\\.)+)\/([a-z]*)/y;

export class PathSyntaxError extends Error {
  override readonly name = 'PathSyntaxError';
}

/** Parses what follows the root of a path; throws PathSyntaxError with the position it could not read. */
export function parseSelectors(source: string, start: number): Selector[] {
  const parser = new PathParser(source, start);
  const selectors = parser.selectors();
  parser.expectEnd();
  return selectors;
}

class PathParser {
  private filters = 0;

  constructor(
    private readonly source: string,
    private at: number,
  ) {}

  selectors(): Selector[] {
    const selectors: Selector[] = [];
    for (;;) {
      if (this.take('..')) {
        selectors.push({ kind: 'descendants' }, this.take('[') ? this.bracket(true) : this.named());
      } else if (this.take('.')) selectors.push(this.take('[') ? this.bracket() : this.named());
      else if (this.take('[')) selectors.push(this.bracket());
      else return selectors;
    }
  }

  expectEnd(): void {
    if (this.at < this.source.length) throw this.unexpected();
  }

  private named(): Selector {
    if (this.take('*')) return { kind: 'wildcard' };
    const name = this.match(this.filters > 0 ? FILTER_NAME : NAME);
    if (!name) throw this.unexpected();
    if (this.source[this.at] === '(') throw new PathSyntaxError(`the function ${name[0]}() is not supported`);
    return { kind: 'child', step: name[0] };
  }

  private bracket(afterDescendants = false): Selector {
    this.skipSpace();
    const selector = this.bracketed(afterDescendants);
    this.skipSpace();
    if (!this.take(']')) throw this.unexpected();
    return selector;
  }

  private bracketed(onSelf: boolean): Selector {
    if (this.take('*')) return { kind: 'wildcard' };
    if (this.take('?')) return { kind: 'filter', test: this.parenthesised(), onSelf };
    const slice = this.match(SLICE);
    if (slice) {
      const [from, to, step] = slice.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
      return { kind: 'slice', from, to, step: step ?? 1 };
    }
    if (this.source[this.at] === "'" || this.source[this.at] === '"') {
      const names = this.list(() => this.quoted());
      return names.length === 1 ? { kind: 'child', step: names[0]! } : { kind: 'names', names };
    }
    const indices = this.list(() => Number(this.match(INTEGER)?.[0] ?? this.fail()));
    return indices.length === 1 ? { kind: 'child', step: indices[0]! } : { kind: 'indices', indices };
  }

  private list<Item>(item: () => Item): Item[] {
    const items = [item()];
    for (;;) {
      this.skipSpace();
      if (!this.take(',')) return items;
      this.skipSpace();
      items.push(item());
    }
  }

  private parenthesised(): Condition {
    if (!this.take('(')) throw this.unexpected();
    this.filters++;
    const condition = this.either();
    this.filters--;
    if (!this.take(')')) throw this.unexpected();
    return condition;
  }

  private either(): Condition {
    const parts = [this.both()];
    while (this.take('||')) parts.push(this.both());
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
  }

  private both(): Condition {
    const parts = [this.single()];
    while (this.take('&&')) parts.push(this.single());
    return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
  }

  private single(): Condition {
    this.skipSpace();
    const condition = this.negatedOrGrouped() ?? this.comparison();
    this.skipSpace();
    return condition;
  }

  private negatedOrGrouped(): Condition | undefined {
    if (this.take('!')) return { kind: 'not', part: this.single() };
    return this.source[this.at] === '(' ? this.parenthesised() : undefined;
  }

  private comparison(): Condition {
    const left = this.operand();
    this.skipSpace();
    const operator = this.match(COMPARISON)?.[0];
    if (operator) {
      this.skipSpace();
      return { kind: 'compare', operator, left, right: this.operand() };
    }
    if (left.kind !== 'path') throw this.unexpected();
    return { kind: 'exists', path: left };
  }

  private operand(): Operand {
    const root = this.source[this.at];
    if (root === '@' || root === '$') {
      this.at++;
      return { kind: 'path', root, selectors: this.selectors() };
    }
    const pattern = this.match(PATTERN);
    // Compared as a whole, as Java's Matcher.matches does.
    if (pattern) return { kind: 'pattern', pattern: new RegExp(`^(?:${pattern[1]})$`, pattern[2]) };
    return { kind: 'literal', value: this.literal() };
  }

  private literal(): unknown {
    if (this.take('[')) {
      this.skipSpace();
      if (this.take(']')) return [];
      const items = this.list(() => this.literal());
      return this.take(']') ? items : this.fail();
    }
    const scalar = this.match(SCALAR);
    return scalar ? JSON.parse(scalar[0]) : this.quoted();
  }

  private quoted(): string {
    const match = this.match(QUOTED);
    if (!match) throw this.unexpected();
    return (match[1] ?? match[2]!).replace(ESCAPED, (_, code: string | undefined, character: string) =>
      code ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPES[character] ?? character),
    );
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match) this.at = pattern.lastIndex;
    return match;
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private skipSpace(): void {
    while (/\s/.test(this.source[this.at] ?? '')) this.at++;
  }

  private fail(): never {
    throw this.unexpected();
  }

  private unexpected(): PathSyntaxError {
    const found = this.at < this.source.length ? `'${this.source[this.at]}'` : 'end';
    return new PathSyntaxError(`unexpected ${found} at position ${this.at}`);
  }
}
