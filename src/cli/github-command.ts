/** In properties colons and commas end the value. Source: GitHub's toolkit, packages/core/src/command.ts. */
const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A line that GitHub shows as an annotation, beside its file where it has one. */
export function command(
  kind: 'error' | 'warning' | 'notice',
  { text, ...properties }: { file?: string; line?: number; col?: number; title: string; text: string },
): string {
  const said = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${kind} ${said.join(',')}::${data(text)}`;
}
