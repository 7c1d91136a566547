import { intrinsicFault } from './errors';

/** An intrinsic function call, parsed. The text of a string literal keeps its escaped braces for States.Format. */
export type Expression =
  | { kind: 'literal'; value: unknown }
  | { kind: 'path'; path: string }
  | { kind: 'call'; name: string; args: Expression[] };

const CALL = /(States\.[A-Za-z0-9]+)\s*\(/y;
const SCALAR = /true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPES: Record<string, string> = {
  "'": "'",
  '\\': '\\',
  n: '\n',
  t: '\t',
  r: '\r',
  '{': '\\{',
  '}': '\\}',
};

/** Parses `States.Name(argument, …)`; throws States.IntrinsicFailure with the place it could not read. */
export function parseIntrinsic(source: string): Expression {
  const parser = new Parser(source);
  const expression = parser.expression();
  parser.expectEnd();
  return expression;
}

class Parser {
  private at = 0;

  constructor(private readonly source: string) {}

  expression(): Expression {
    this.skipSpace();
    if (this.source[this.at] === "'") return { kind: 'literal', value: this.string() };
    if (this.source[this.at] === '$') return { kind: 'path', path: this.path() };
    const call = this.match(CALL);
    if (call) return { kind: 'call', name: call[1]!, args: this.args() };
    const scalar = this.match(SCALAR);
    if (scalar) return { kind: 'literal', value: JSON.parse(scalar[0]) };
    throw this.unexpected();
  }

  expectEnd(): void {
    this.skipSpace();
    if (this.at < this.source.length) throw this.unexpected();
  }

  private args(): Expression[] {
    this.skipSpace();
    if (this.take(')')) return [];
    const args = [this.expression()];
    for (;;) {
      this.skipSpace();
      if (this.take(')')) return args;
      if (!this.take(',')) throw this.unexpected();
      args.push(this.expression());
    }
  }

  private string(): string {
    this.at++;
    let text = '';
    while (!this.take("'")) {
      if (this.at >= this.source.length) throw this.unexpected();
      const character = this.source[this.at++]!;
      if (character !== '\\') text += character;
      else text += this.escape();
    }
    return text;
  }

  private escape(): string {
    const character = this.source[this.at++] ?? '';
    return ESCAPES[character] ?? `\\${character}`;
  }

  /** A path ends at the comma or parenthesis of the call around it, not at those inside its own brackets and the quotes there. */
  private path(): string {
    const start = this.at;
    let depth = 0;
    let quote: string | undefined;
    for (; this.at < this.source.length; this.at++) {
      const character = this.source[this.at]!;
      if (quote) {
        if (character === '\\') this.at++;
        else if (character === quote) quote = undefined;
      } else if (depth > 0 && (character === "'" || character === '"')) quote = character;
      else if (character === '[' || character === '(') depth++;
      else if (depth === 0 && (character === ',' || character === ')')) break;
      else if (character === ']' || character === ')') depth--;
    }
    return this.source.slice(start, this.at).trim();
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match) this.at = pattern.lastIndex;
    return match;
  }

  private take(character: string): boolean {
    if (this.source[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    while (/\s/.test(this.source[this.at] ?? '')) this.at++;
  }

  private unexpected() {
    const found = this.at < this.source.length ? `'${this.source[this.at]}'` : 'end';
    return intrinsicFault(
      `Invalid Intrinsic Function '${this.source}': unexpected ${found} at position ${this.at}`,
    );
  }
}
