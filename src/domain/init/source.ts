/** Source text among values that are written as literals. */
export class Code {
  constructor(readonly text: string) {}
}
export const code = (text: string): Code => new Code(text);

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const LONGEST = 90;

/** A value as TypeScript: members that are undefined are left out. */
export function written(value: unknown, indent = ''): string {
  if (value instanceof Code) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const parts = (inner: string) =>
    Array.isArray(value)
      ? value.map((one) => written(one, inner))
      : Object.entries(value)
          .filter(([, one]) => one !== undefined)
          .map(
            ([name, one]) => `${IDENTIFIER.test(name) ? name : JSON.stringify(name)}: ${written(one, inner)}`,
          );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const all = parts(deeper);
  if (all.length === 0) return `${open}${close}`;
  const space = Array.isArray(value) ? '' : ' ';
  const line = `${open}${space}${all.join(', ')}${space}${close}`;
  if (!line.includes('\n') && indent.length + line.length <= LONGEST) return line;
  return `${open}\n${all.map((one) => `${deeper}${one},`).join('\n')}\n${indent}${close}`;
}
